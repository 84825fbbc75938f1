using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>Frames of a container file, through OpenCV's FFmpeg backend.</summary>
/// <remarks>
/// A frame that fails to decode is no end: the decoder is asked again, and if frames follow, the file is damaged and says so.
/// Frames missing at the very end are tolerated as long as at least half of what the container lists has decoded
/// (dropped frames and edit lists are legal, and many AVIs declare one frame too many).
/// </remarks>
internal sealed class CaptureSource : IFrameSource
{
    /// <summary>Failures in a row after which the stream counts as ended: real damage has been seen to span 6.</summary>
    private const int AttemptsAtEnd = 16;
    private const long MostPixels = 100_000_000;

    private readonly string _path;
    private readonly Mat _bgr = new();
    private VideoCapture _capture;
    private bool _firstIsWaiting;
    private bool _retrieved;
    private int _moved;

    public CaptureSource(string path)
    {
        var countIsExact = Container.Check(path);
        DecoderNoise.Stop();
        _path = path;
        _capture = OpenCapture(path);
        try
        {
            OpenFirst();
            Facts = ReadFacts(countIsExact);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public VideoFile Facts { get; }

    public bool MoveNext()
    {
        if (_firstIsWaiting)
        {
            _firstIsWaiting = false;
            _moved = 1;
            return true;
        }

        _retrieved = false;
        if (Grab())
        {
            _moved++;
            return true;
        }

        for (var attempt = 1; attempt < AttemptsAtEnd; attempt++)
        {
            if (Grab())
            {
                throw new VideoException(_path, Invariant($"damaged: decoding stopped after {_moved} of {Facts.DeclaredFrameCount} frames"));
            }
        }

        if (Facts.CountIsExact && _moved < Facts.DeclaredFrameCount / 2)
        {
            throw new VideoException(_path, Invariant($"damaged: decoding ended after {_moved} of {Facts.DeclaredFrameCount} frames"));
        }

        return false;
    }

    public unsafe Frame Current()
    {
        Retrieve();
        var pixels = GC.AllocateUninitializedArray<byte>(Facts.Width * Facts.Height * 3);
        fixed (byte* start = pixels)
        {
            using var rgb = Mat.FromPixelData(Facts.Height, Facts.Width, MatType.CV_8UC3, (nint)start);
            if (_bgr.Width == Facts.Width && _bgr.Height == Facts.Height)
            {
                Cv2.CvtColor(_bgr, rgb, ColorConversionCodes.BGR2RGB);
            }
            else
            {
                // A stream may change its picture size on the way; consumers rely on one size, the first frame's.
                using var resized = new Mat();
                Cv2.Resize(_bgr, resized, new Size(Facts.Width, Facts.Height), 0, 0, InterpolationFlags.Area);
                Cv2.CvtColor(resized, rgb, ColorConversionCodes.BGR2RGB);
            }
        }

        return new Frame(Facts.Width, Facts.Height, pixels);
    }

    public void Rewind()
    {
        if (!_firstIsWaiting)
        {
            // Seeking lands on other frames in some containers; opening anew never does.
            _capture.Dispose();
            _capture = OpenCapture(_path);
            OpenFirst();
        }
    }

    public void Dispose()
    {
        _capture.Dispose();
        _bgr.Dispose();
    }

    private static VideoCapture OpenCapture(string path)
    {
        try
        {
            var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
            if (capture.IsOpened())
            {
                return capture;
            }

            capture.Dispose();
        }
        catch (OpenCVException e)
        {
            throw new VideoException(path, $"cannot be opened as a video ({e.Message})", innerException: e);
        }

        throw new VideoException(path, "cannot be opened as a video: no video stream, no index (moov), or a format that FFmpeg does not know");
    }

    /// <summary>Decodes the first frame, which alone tells the true size. A clip cut between key frames may need some attempts.</summary>
    private void OpenFirst()
    {
        for (var attempt = 0; attempt < AttemptsAtEnd; attempt++)
        {
            if (Grab())
            {
                _firstIsWaiting = true;
                _retrieved = false;
                _moved = 0;
                Retrieve();
                return;
            }
        }

        throw new VideoException(_path, "the file has a video stream but no frame of it decodes");
    }

    private bool Grab()
    {
        try
        {
            return _capture.Grab();
        }
        catch (OpenCVException e)
        {
            throw new VideoException(_path, Invariant($"the decoder failed after {_moved} frames ({e.Message})"), innerException: e);
        }
    }

    private void Retrieve()
    {
        if (_retrieved)
        {
            return;
        }

        try
        {
            _retrieved = _capture.Retrieve(_bgr) && !_bgr.Empty() && _bgr.Type() == MatType.CV_8UC3 && (long)_bgr.Width * _bgr.Height <= MostPixels;
        }
        catch (OpenCVException e)
        {
            throw new VideoException(_path, Invariant($"frame {_moved} cannot be converted ({e.Message})"), innerException: e);
        }

        if (!_retrieved)
        {
            throw new VideoException(
                _path, Invariant($"frame {_moved} has no usable picture ({_bgr.Width}x{_bgr.Height}, {_bgr.Channels()} channels; at most {MostPixels / 1_000_000} megapixels of 8-bit colour are read)"));
        }
    }

    private VideoFile ReadFacts(bool countIsExact)
    {
        var rate = _capture.Fps;
        var count = _capture.Get(VideoCaptureProperties.FrameCount);
        return new VideoFile(
            _path,
            _bgr.Width,
            _bgr.Height,
            double.IsFinite(rate) && rate > 0 ? rate : 0,
            count is >= 1 and <= int.MaxValue ? (int)count : 0,
            countIsExact,
            (int)_capture.Get(VideoCaptureProperties.OrientationMeta));
    }
}
