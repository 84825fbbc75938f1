using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>Frames of a container file, through OpenCV's FFmpeg backend.</summary>
/// <remarks>
/// A frame that fails to decode is not the end: the reader tries the next one, and if frames follow, the file is reported as damaged.
/// Frames missing at the very end are tolerated as long as at least half of what the container lists has decoded
/// (dropped frames are legal, and many AVIs declare one frame too many).
/// </remarks>
internal sealed class CaptureSource : IFrameSource
{
    /// <summary>Failures in a row after which the stream counts as ended: real damage has been seen to span 6.</summary>
    private const int AttemptsAtEnd = 16;

    /// <summary>A higher rate is FFmpeg's time base, as raw DV has it, and not the rate of any recording.</summary>
    private const double LargestRate = 10_000;

    /// <summary>Frames that a decoder holds back at most: 16 for their order, 16 for its threads.</summary>
    private const int MostHeldBack = 32;

    private readonly string _path;
    private readonly VideoLimits _limits;
    private readonly CodedVideo _video;
    private readonly Mat _coded = new();
    private readonly Mat _turned = new();
    private readonly ColourConversion _colours;
    private Decoder _decoder;
    private bool _firstIsWaiting;
    private bool _retrieved;
    private int _moved;

    /// <param name="path">As the caller gave it, for messages.</param>
    /// <param name="fullPath">The file.</param>
    /// <param name="segment">What will be read of it.</param>
    /// <param name="reading">Limits, warnings, cancellation.</param>
    /// <param name="cancel">A second token.</param>
    public CaptureSource(string path, string fullPath, VideoSegment segment, VideoReading reading, CancellationToken cancel)
    {
        (_path, _limits) = (path, reading.Limits);
        _video = new CodedVideo(path, fullPath, segment, reading, cancel);
        try
        {
            _decoder = _video.OpenDecoder();
            OpenFirst();
            _colours = new ColourConversion(_video.Codec.FollowsTags ? _video.Colours.Matrix : ColourConversion.Unspecified, _video.FullRangeMissed);
            Facts = ReadFacts();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public VideoFile Facts { get; }

    public double? Seconds => _decoder.Seconds;

    public bool MoveNext()
    {
        if (_firstIsWaiting)
        {
            _firstIsWaiting = false;
            _moved = 1;
            return true;
        }

        _retrieved = false;
        if (_decoder.Grab())
        {
            Container.CheckFrames(_path, ++_moved, _limits);
            return true;
        }

        for (var attempt = 1; attempt < AttemptsAtEnd; attempt++)
        {
            if (!_decoder.Grab())
            {
                continue;
            }

            if (IsCutOffHere)
            {
                _moved++;
                return true;
            }

            throw new VideoException(_path, Invariant($"damaged: decoding stopped after {_moved} of {Facts.DeclaredFrameCount} frames"));
        }

        if (_video.Container.ListedFrames is { } listed && _moved < listed / 2)
        {
            throw new VideoException(_path, Invariant($"damaged: decoding ended after {_moved} of {listed} frames"));
        }

        return false;
    }

    public unsafe Frame Current(byte[]? memory = null)
    {
        Retrieve();
        var picture = Facts.Orientation.Apply(_coded, _turned);
        if (picture.Width != Facts.Width || picture.Height != Facts.Height)
        {
            throw Container.SizeChange(_path, (Facts.Width, Facts.Height), (picture.Width, picture.Height), Invariant($"at frame {_moved - 1}"));
        }

        var size = Facts.Width * Facts.Height * 3;
        var pixels = memory?.Length == size ? memory : GC.AllocateUninitializedArray<byte>(size);
        fixed (byte* start = pixels)
        {
            using var rgb = Mat.FromPixelData(Facts.Height, Facts.Width, MatType.CV_8UC3, (nint)start);
            _colours.Convert(picture, rgb);
        }

        return new Frame(Facts.Width, Facts.Height, pixels);
    }

    public void Rewind()
    {
        if (!_firstIsWaiting)
        {
            // Seeking lands on other frames in some containers; opening again never does.
            _decoder.Dispose();
            _decoder = _video.OpenDecoder();
            OpenFirst();
        }
    }

    public bool TrySeek(double seconds)
    {
        if (!_video.CanSeek || !_decoder.TrySeek(seconds))
        {
            return false;
        }

        (_firstIsWaiting, _retrieved, _moved) = (false, false, (int)(seconds * Facts.FramesPerSecond));
        return true;
    }

    public void Dispose()
    {
        _decoder?.Dispose();
        _video.Dispose();
        _coded.Dispose();
        _turned.Dispose();
        _colours?.Dispose();
    }

    /// <summary>
    /// Whether the failure may be the last packet of a recording that was cut off, behind which come only the frames that the decoder held back.
    /// Containers without a declared length are meant to be cut: broadcasts, live streams, recordings that were not finished.
    /// </summary>
    private bool IsCutOffHere => !_video.Container.DeclaresLength && _video.Packets is { } scan && _moved + MostHeldBack >= scan.Packets;

    /// <summary>Decodes the first frame, which alone has the true size. A clip cut between key frames may need some attempts.</summary>
    private void OpenFirst()
    {
        for (var attempt = 0; attempt < AttemptsAtEnd; attempt++)
        {
            if (_decoder.Grab())
            {
                _firstIsWaiting = true;
                _retrieved = false;
                _moved = 0;
                Retrieve();
                return;
            }
        }

        throw new VideoException(
            _path, VideoCodec.Undecodable(_video.Container.Codec) ?? VideoCodec.Undecodable(_decoder.FourCC) ?? "the file has a video stream but no frame of it decodes");
    }

    private void Retrieve()
    {
        if (_retrieved)
        {
            return;
        }

        _retrieved = _decoder.Retrieve(_coded) && _coded.Type() == MatType.CV_8UC3;
        if (!_retrieved)
        {
            throw new VideoException(_path, Invariant($"frame {Math.Max(0, _moved - 1)} has no usable picture ({_coded.Width}x{_coded.Height}, {_coded.Channels()} channels)"));
        }

        Container.CheckSize(_path, _coded.Width, _coded.Height, _limits);
    }

    private VideoFile ReadFacts()
    {
        var orientation = _video.Container.Orientation ?? PictureOrientation.OfRotation(_decoder.Rotation);
        var (width, height) = orientation.Shown(_coded.Width, _coded.Height);
        var hasRate = _decoder.FramesPerSecond <= LargestRate;
        return new VideoFile(_path, width, height)
        {
            FramesPerSecond = hasRate ? _decoder.FramesPerSecond : 0,
            DeclaredFrameCount = _video.Container.ListedFrames is { } listed and > 0 ? listed : hasRate ? _decoder.DeclaredFrames : 0,
            CountIsExact = _video.Container.CountIsExact,
            Orientation = orientation,
            Remarks = _video.Remarks,
        };
    }
}
