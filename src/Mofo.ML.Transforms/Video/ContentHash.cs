using System.Security.Cryptography;
using System.Text;

namespace Mofo.ML.Transforms.Video;

/// <summary>Names what was made from a video by what the video holds, so that a file that moved is found again and one that changed is not.</summary>
internal static class ContentHash
{
    // As much as Stream.CopyTo takes: an array from 85,000 bytes on would be new memory for every video.
    private const int Block = 81_920;

    // A long video has thousands of segments: it is read for the first of them and not again.
    private static readonly FileMemory<string> Wholes = new();

    /// <summary>SHA-256 over a prefix and the bytes of a file, or of the pictures of a folder with their names; 64 hexadecimal digits.</summary>
    /// <param name="videoPath">File, folder of images, or address of a <see cref="VideoSegment"/> of one.</param>
    /// <param name="prefix">Everything else that the result depends on.</param>
    /// <param name="checkCancelled">Called between blocks; may throw.</param>
    /// <exception cref="VideoException">The video cannot be opened.</exception>
    public static string Of(string videoPath, string prefix, Action checkCancelled)
    {
        FrameReader.RequirePath(videoPath);
        var segment = VideoSegment.Of(videoPath);
        if (segment.Fragment.Length > 0)
        {
            var whole = Wholes.Get(Path.GetFullPath(segment.VideoPath), () => Of(segment.VideoPath, "", checkCancelled));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}|{segment.Fragment}|{whole}")));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(prefix));
        try
        {
            var files = Directory.Exists(videoPath) ? Directory.GetFiles(videoPath).Where(PictureSeries.IsPicture).Order(StringComparer.Ordinal).ToArray() : [videoPath];
            var buffer = new byte[Block];
            foreach (var file in files)
            {
                if (files.Length > 1)
                {
                    hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
                }

                using var stream = RegularFile.Open(videoPath, file, long.MaxValue);
                for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
                {
                    checkCancelled();
                    hash.AppendData(buffer.AsSpan(0, read));
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VideoException(videoPath, $"cannot be read ({error.Message.TrimEnd('.')})", innerException: error);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
