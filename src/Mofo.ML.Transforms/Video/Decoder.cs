using System.Diagnostics;
using System.Globalization;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>OpenCV's reader of video files (FFmpeg), with a limit on its time, cancellation, and errors that name the file.</summary>
internal sealed class Decoder : IDisposable
{
    // Not among OpenCvSharp's names: CAP_PROP_OPEN_TIMEOUT_MSEC, CAP_PROP_READ_TIMEOUT_MSEC, CAP_PROP_LRF_HAS_KEY_FRAME, CAP_PROP_N_THREADS.
    private const int OpenTimeout = 53;
    private const int ReadTimeout = 54;
    private const int HasKeyFrame = 67;
    private const int Threads = 70;
    private const double CoverRate = 90_000; // FFmpeg's time base where a container gives none
    private const int Packets = -1; // CAP_PROP_FORMAT: coded packets instead of pictures
    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(2);

    private readonly string _video;
    private readonly VideoReading _reading;
    private readonly CancellationToken _cancel;
    private readonly VideoCapture _capture;
    private int _grabbed;

    /// <param name="video">Path for messages.</param>
    /// <param name="file">Full path.</param>
    /// <param name="use">What it is opened for.</param>
    /// <param name="reading">Limits, and a token.</param>
    /// <param name="cancel">A second token.</param>
    /// <exception cref="VideoException">It does not open, or not in time.</exception>
    public Decoder(string video, string file, DecoderUse use, VideoReading reading, CancellationToken cancel)
    {
        (_video, _reading, _cancel) = (video, reading, cancel);
        DecoderEnvironment.Prepare();
        _capture = Open(file, use);

        // Turning and mirroring are done here: OpenCV knows no mirrors.
        _ = _capture.Set(VideoCaptureProperties.OrientationAuto, 0);
    }

    /// <summary>The codec; OpenCV gives the same four characters for one codec in every container.</summary>
    public string FourCC
    {
        get
        {
            var code = (int)(long)Get(VideoCaptureProperties.FourCC);
            return string.Create(4, code, static (text, code) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = (char)((code >> (8 * i)) & 0xFF);
                }
            });
        }
    }

    public (long Width, long Height) Size => ((long)Get(VideoCaptureProperties.FrameWidth), (long)Get(VideoCaptureProperties.FrameHeight));

    /// <summary>Mean rate; 0 where none is declared.</summary>
    public double FramesPerSecond => Get(VideoCaptureProperties.Fps) is var rate && double.IsFinite(rate) && rate > 0 ? rate : 0;

    /// <summary>Whether the stream is a picture that FFmpeg found among the tags: those have a time base of their own, and no rate.</summary>
    public bool IsCover => FramesPerSecond == CoverRate && FourCC is ("MJPG" or "MPNG" or "png " or "bmp ");

    /// <summary>What the container claims, or the duration times the rate; 0 where there is neither.</summary>
    public int DeclaredFrames => Get(VideoCaptureProperties.FrameCount) is var count and >= 1 and <= int.MaxValue ? (int)count : 0;

    /// <summary>Degrees clockwise that the picture is to be turned by.</summary>
    public int Rotation => (int)Get(VideoCaptureProperties.OrientationMeta);

    /// <summary>When the picture grabbed last is shown, in seconds from the start of the stream; 0 for all of a stream without times.</summary>
    public double Seconds => Get(VideoCaptureProperties.PosMsec) / 1000;

    /// <summary>Whether the packet grabbed last can be decoded without those before it.</summary>
    public bool IsKeyPacket => Get((VideoCaptureProperties)HasKeyFrame) != 0;

    /// <summary>Moves to the next picture or packet; false where none follows or one fails.</summary>
    /// <exception cref="VideoException">The decoder failed, or took too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool Grab()
    {
        ThrowIfCancelled();
        var start = Stopwatch.GetTimestamp();
        try
        {
            var more = _capture.Grab();
            if (!more && Stopwatch.GetElapsedTime(start) >= _reading.Limits.MaxWait)
            {
                throw TooSlow(Invariant($"reading frame {_grabbed} took"));
            }

            _grabbed += more ? 1 : 0;
            return more;
        }
        catch (OpenCVException e)
        {
            throw new VideoException(_video, Invariant($"the decoder failed after {_grabbed} frames ({e.Message})"), innerException: e);
        }
    }

    /// <summary>Converts the picture, or copies the packet.</summary>
    /// <exception cref="VideoException">The picture cannot be converted.</exception>
    public bool Retrieve(Mat into)
    {
        try
        {
            return _capture.Retrieve(into) && !into.Empty();
        }
        catch (OpenCVException e)
        {
            throw new VideoException(_video, Invariant($"frame {_grabbed - 1} cannot be converted ({e.Message})"), innerException: e);
        }
    }

    /// <summary>Goes to a picture at about this moment, from the key frame before it; false where the decoder cannot.</summary>
    public bool TrySeek(double seconds)
    {
        ThrowIfCancelled();
        try
        {
            return _capture.Set(VideoCaptureProperties.PosMsec, 1000 * seconds);
        }
        catch (OpenCVException)
        {
            return false;
        }
    }

    public void Dispose() => _capture.Dispose();

    /// <summary>Opens in several tries of growing length: a token cannot reach into FFmpeg, and what one try has read the next finds in the system's cache.</summary>
    private VideoCapture Open(string file, DecoderUse use)
    {
        var (start, most) = (Stopwatch.GetTimestamp(), _reading.Limits.MaxWait);
        for (var limit = FirstTry; ; limit *= 4)
        {
            ThrowIfCancelled();
            limit = limit < most ? limit : most;
            var tried = Stopwatch.GetTimestamp();
            if (TryOpen(file, limit, use) is { } capture)
            {
                return capture;
            }

            if (Stopwatch.GetElapsedTime(tried) < limit)
            {
                throw new VideoException(_video, "cannot be opened as a video: no video stream, no index (moov), or a format that FFmpeg does not know");
            }

            if (Stopwatch.GetElapsedTime(start) >= most)
            {
                throw TooSlow("opening it took");
            }
        }
    }

    private VideoCapture? TryOpen(string file, TimeSpan limit, DecoderUse use)
    {
        var readLimit = (int)_reading.Limits.MaxWait.TotalMilliseconds;
        int[] own = use switch
        {
            DecoderUse.Packets => [Threads, 1, (int)VideoCaptureProperties.Format, Packets],
            DecoderUse.SmallPictures => [Threads, 1],
            _ => [], // FFmpeg then starts a thread on every core
        };
        int[] settings = [OpenTimeout, (int)limit.TotalMilliseconds, ReadTimeout, readLimit, .. own];
        try
        {
            var capture = new VideoCapture(file, VideoCaptureAPIs.FFMPEG, settings);
            if (capture.IsOpened())
            {
                return capture;
            }

            capture.Dispose();
            return null;
        }
        catch (OpenCVException e)
        {
            throw new VideoException(_video, $"cannot be opened as a video ({e.Message})", innerException: e);
        }
    }

    private VideoException TooSlow(string what) => new(_video, string.Create(
        CultureInfo.InvariantCulture, $"{what} more than {_reading.Limits.MaxWaitSeconds} s ({nameof(VideoLimits)}.{nameof(VideoLimits.MaxWaitSeconds)})"));

    private double Get(VideoCaptureProperties property) => _capture.Get(property);

    private void ThrowIfCancelled()
    {
        _cancel.ThrowIfCancellationRequested();
        _reading.Cancel.ThrowIfCancellationRequested();
    }
}
