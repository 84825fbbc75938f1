using Mofo.ML.Transforms.NativeLibraries;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>Settings that OpenCV takes from the environment of the process, once and before the first video is opened.</summary>
/// <remarks>
/// OpenCV and FFmpeg do not write to the console of the program that uses them: errors come as exceptions. Where OPENCV_LOG_LEVEL, OPENCV_FFMPEG_LOGLEVEL or
/// OPENCV_FFMPEG_READ_ATTEMPTS is set already, it is left as it is.
/// </remarks>
internal static class DecoderEnvironment
{
    private const string FFmpegLevel = "OPENCV_FFMPEG_LOGLEVEL";

    /// <summary>Packets of other streams that OpenCV skips before it fails to read the next frame; its own 4096 are some 90 s of sound.</summary>
    private const string ReadAttempts = "OPENCV_FFMPEG_READ_ATTEMPTS";
    private const string ManyAttempts = "10000000";

    /// <summary>FFmpeg's AV_LOG_QUIET.</summary>
    private const string Quiet = "-8";

    private static readonly Lazy<bool> Prepared = new(Set);

    /// <summary>Once per process, before the first video is opened.</summary>
    public static void Prepare() => _ = Prepared.Value;

    private static bool Set()
    {
        if (Environment.GetEnvironmentVariable("OPENCV_LOG_LEVEL") is null)
        {
            Cv2.SetLogLevel(LogLevel.SILENT);
        }

        _ = NativeEnvironment.SetIfMissing(FFmpegLevel, Quiet);
        _ = NativeEnvironment.SetIfMissing(ReadAttempts, ManyAttempts);
        return true;
    }
}
