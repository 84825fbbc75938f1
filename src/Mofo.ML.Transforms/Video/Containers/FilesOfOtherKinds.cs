namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Says what a file is that holds no video, or none that is read: text, play lists, pictures, sound, archives.</summary>
internal static class FilesOfOtherKinds
{
    private const int PlayListMark = 7; // #EXTM3U, the shortest
    private const string AsFolder = "a folder of such pictures is read as a video";

    private static readonly (byte[] Start, string Kind)[] Pictures =
    [
        ([.. "BM"u8], "BMP"), ([.. "II*\0"u8], "TIFF"), ([.. "MM\0*"u8], "TIFF"), ([.. "8BPS"u8], "PSD"),
        ([0x76, 0x2F, 0x31, 0x01], "OpenEXR"), ([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20], "JPEG 2000"), ([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20], "JPEG XL"), ([0xFF, 0x0A], "JPEG XL"),
    ];

    private static readonly (byte[] Start, string Kind)[] Others =
    [
        ([.. "ID3"u8], "it begins with an ID3 tag, as audio files do, and no video file does"),
        ([.. "fLaC"u8], "this is an audio file (FLAC), not a video"),
        ([0xFF, 0xFB], "this is an audio file (MP3), not a video"),
        ([.. "PK\u0003\u0004"u8], "this is a ZIP archive, not a video; unpack it first"),
        ([0x1F, 0x8B], "this is a gzip archive, not a video; unpack it first"),
        ([0x12, 0x00, 0x0A], "its codec is AV1, for which this build of OpenCV has no decoder; convert it: ffmpeg -i FILE -c:v libx264 -crf 18 OUT.mp4"),
        ([.. "Rar!"u8], "this is a RAR archive, not a video; unpack it first"),
        ([0x37, 0x7A, 0xBC, 0xAF], "this is a 7-Zip archive, not a video; unpack it first"),
    ];

    /// <summary>Why the file is not read.</summary>
    public static string Reason(ReadOnlySpan<byte> head)
    {
        // The decoder would follow the links of play lists, over the network as well, whatever follows their first line.
        if (head.StartsWith("#EXTM3U"u8) || head.StartsWith("ffconcat"u8) || IsText(head))
        {
            return "this is a text file, not a video";
        }

        if (PictureKind(head) is { } picture)
        {
            return $"this is a picture ({picture}), not a video; {AsFolder}";
        }

        if (Signatures.IsRiff(head, "WEBP"u8))
        {
            return "this is a WebP picture; animated ones have no decoder here: convert it with ffmpeg or another tool to mp4 or to a folder of pictures";
        }

        if (Signatures.IsHeif(head))
        {
            return "this is a picture (HEIF or AVIF), not a video; convert it to JPEG or PNG";
        }

        if (Signatures.IsRiff(head, "WAVE"u8))
        {
            return "this is an audio file (WAV), not a video";
        }

        foreach (var (start, reason) in Others)
        {
            if (head.StartsWith(start))
            {
                return reason;
            }
        }

        return "cannot be opened as a video: it begins like none of the containers that are read (mp4, mov, 3gp, mkv, webm, avi, ogg, flv, wmv, ts, mpg, mxf, gif, y4m)";
    }

    /// <summary>No control characters but tab and line ends: plain or UTF-8 text.</summary>
    public static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether the file begins with letters, as play lists do, whatever follows. A play list that has the sync bytes of a transport stream in its comments would be one of
    /// both by its bytes; FFmpeg takes it for the play list.
    /// </summary>
    public static bool BeginsAsText(ReadOnlySpan<byte> head) => !head[..Math.Min(head.Length, PlayListMark)].ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);

    public static bool IsPng(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

    public static bool IsJpeg(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    private static string? PictureKind(ReadOnlySpan<byte> head)
    {
        if (IsPng(head))
        {
            return "PNG";
        }

        if (IsJpeg(head))
        {
            return "JPEG";
        }

        foreach (var (start, kind) in Pictures)
        {
            if (head.StartsWith(start))
            {
                return kind;
            }
        }

        return null;
    }
}
