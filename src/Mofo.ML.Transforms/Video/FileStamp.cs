using System.Security.Cryptography;
using System.Text;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.Video;

/// <summary>Detects, without reading the contents, whether a file, or a folder of images, is the same as before. Of a symbolic link, what it leads to counts.</summary>
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
        var (full, target) = (System.IO.Path.GetFullPath(path), LinkedPath.Target(path));
        var file = new FileInfo(target);
        if (file.Exists)
        {
            return new FileStamp(full, file.Length, file.LastWriteTimeUtc, "");
        }

        var folder = new DirectoryInfo(target);
        return folder.Exists ? OfFolder(full, folder) : null;
    }

    private static FileStamp OfFolder(string full, DirectoryInfo folder)
    {
        // An image that is written over changes neither the folder's own time nor, always, its length: every file counts.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (length, written) = (0L, DateTime.MinValue);
        foreach (var entry in folder.EnumerateFiles().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var file = entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? new FileInfo(LinkedPath.Target(entry.FullName)) : entry;
            if (!file.Exists)
            {
                continue; // the error is reported when the video is opened
            }

            length += file.Length;
            written = file.LastWriteTimeUtc > written ? file.LastWriteTimeUtc : written;
            hash.AppendData(Encoding.UTF8.GetBytes(entry.Name));
            hash.AppendData([0, .. BitConverter.GetBytes(file.Length), .. BitConverter.GetBytes(file.LastWriteTimeUtc.Ticks)]);
        }

        return new FileStamp(full, length, written, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
