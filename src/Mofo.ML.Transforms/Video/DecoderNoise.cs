using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>Keeps OpenCV and FFmpeg from writing to the console of the program that uses them: errors come as exceptions.</summary>
/// <remarks>Who wants the chatter sets OPENCV_LOG_LEVEL or OPENCV_FFMPEG_LOGLEVEL; then nothing is changed here.</remarks>
internal static partial class DecoderNoise
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

        if (Environment.GetEnvironmentVariable(FFmpegLevel) is null)
        {
            // OpenCV asks the C library, which on Unix does not see what .NET's Environment sets.
            if (OperatingSystem.IsWindows())
            {
                Environment.SetEnvironmentVariable(FFmpegLevel, Quiet);
            }
            else
            {
                _ = SetNativeVariable(FFmpegLevel, Quiet, overwrite: 0);
            }
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
