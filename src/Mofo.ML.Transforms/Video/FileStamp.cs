using System.Security.Cryptography;
using System.Text;

namespace Mofo.ML.Transforms.Video;

/// <summary>Detects, without reading the contents, whether a file, or a folder of images, is the same as before.</summary>
/// <param name="Path">Full path, with the fragment of a <see cref="VideoSegment"/>.</param>
/// <param name="Length">Bytes of the file, or of all files of the folder.</param>
/// <param name="Written">When the file, or the newest of the folder, was written.</param>
/// <param name="Files">SHA-256 of names, lengths and times of the folder's files; empty for a file.</param>
internal sealed record FileStamp(string Path, long Length, DateTime Written, string Files)
{
    /// <summary>The stamp of what lies there now; null where nothing does, or nothing that can be looked at.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            var segment = VideoSegment.Of(path);
            var whole = OfWhole(segment.VideoPath);
            return segment.Fragment.Length == 0 ? whole : whole is null ? null : whole with { Path = whole.Path + segment.Fragment };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // the error is reported when the video is opened
        }
    }

    private static FileStamp? OfWhole(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists)
        {
            return new FileStamp(file.FullName, file.Length, file.LastWriteTimeUtc, "");
        }

        var folder = new DirectoryInfo(path);
        return folder.Exists ? OfFolder(folder) : null;
    }

    private static FileStamp OfFolder(DirectoryInfo folder)
    {
        // An image that is written over changes neither the folder's own time nor, always, its length: every file counts.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (length, written) = (0L, DateTime.MinValue);
        foreach (var file in folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            length += file.Length;
            written = file.LastWriteTimeUtc > written ? file.LastWriteTimeUtc : written;
            hash.AppendData(Encoding.UTF8.GetBytes(file.Name));
            hash.AppendData([0, .. BitConverter.GetBytes(file.Length), .. BitConverter.GetBytes(file.LastWriteTimeUtc.Ticks)]);
        }

        return new FileStamp(folder.FullName, length, written, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
