using Mofo.ML.Transforms.NativeLibraries;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>Keeps OpenCV and FFmpeg from writing to the console of the program that uses them: errors come as exceptions.</summary>
/// <remarks>To see them, set OPENCV_LOG_LEVEL or OPENCV_FFMPEG_LOGLEVEL; then nothing is changed here.</remarks>
internal static class DecoderNoise
{
    private const string FFmpegLevel = "OPENCV_FFMPEG_LOGLEVEL";

    /// <summary>FFmpeg's AV_LOG_QUIET.</summary>
    private const string Quiet = "-8";

    private static readonly Lazy<bool> Silenced = new(Silence);

    /// <summary>Once per process, before the first video is opened.</summary>
    public static void Stop() => _ = Silenced.Value;

    private static bool Silence()
    {
        if (Environment.GetEnvironmentVariable("OPENCV_LOG_LEVEL") is null)
        {
            Cv2.SetLogLevel(LogLevel.SILENT);
        }

        _ = NativeEnvironment.SetIfMissing(FFmpegLevel, Quiet);
        return true;
    }
}
