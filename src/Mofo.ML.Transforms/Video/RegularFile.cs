using System.Globalization;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.Video;

/// <summary>Opens files for reading, and nothing else: a pipe or a device would hold the reader forever.</summary>
internal static class RegularFile
{
    private const int Buffer = 1 << 16;

    /// <summary>Opens a file once it is known to be one.</summary>
    /// <param name="video">The path that messages name, as the caller gave it.</param>
    /// <param name="file">The file itself, where the video is a folder.</param>
    /// <param name="mostBytes">A larger file is refused.</param>
    /// <exception cref="VideoException">Missing, unreadable, empty, no regular file, or too large.</exception>
    public static FileStream Open(string video, string file, long mostBytes)
    {
        try
        {
            // What a link leads to decides; a circle of links raises an IOException.
            var info = new FileInfo(LinkedPath.Target(file));
            if (info.Exists && info.Length == 0)
            {
                // Pipes, sockets and devices have no length. Opening one to learn more could wait forever.
                throw new VideoException(video, $"the file is empty, or it is a pipe or a device{Name(video, file)}");
            }

            var stream = new FileStream(info.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer);
            if (stream.Length <= mostBytes)
            {
                return stream;
            }

            var length = stream.Length;
            stream.Dispose();
            throw new VideoException(video, string.Create(CultureInfo.InvariantCulture, $"it has {length} bytes{Name(video, file)}; at most {mostBytes} are read ({nameof(VideoLimits)}.{nameof(VideoLimits.MaxBytes)})"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new VideoException(video, e is FileNotFoundException or DirectoryNotFoundException ? "file not found" + Name(video, file) + Hint(file) : $"cannot be read ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    /// <summary>What a name that is not there may have meant.</summary>
    private static string Hint(string file) =>
        file.Contains('\uFFFD', StringComparison.Ordinal) ? "; a name that is no valid UTF-8 cannot be opened: rename the file"
        : !OperatingSystem.IsWindows() && file.Contains('\\', StringComparison.Ordinal) && Path.Exists(file.Replace('\\', '/')) ? "; it is there with '/' in place of '\\', which is part of a name here"
        : "";

    private static string Name(string video, string file) => video == file ? "" : $" ('{Path.GetFileName(file)}')";
}
