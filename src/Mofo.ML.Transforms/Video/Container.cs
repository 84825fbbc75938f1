using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video;

/// <summary>What the first bytes of a file say about its container, and whether the file is as long as it says itself.</summary>
/// <remarks>
/// The decoder reads a cut-off file without complaint as far as it goes, so lengths are compared here:
/// RIFF (avi), ISO boxes (mp4, mov), the EBML segment (webm, mkv), the last Ogg page, the GIF trailer.
/// Up to 1 % may be missing, since some writers declare an index or padding which they never write.
/// </remarks>
internal static class Container
{
    private const double MissingShareAllowed = 0.01;
    private const int HeadLength = 512;

    /// <summary>Reads the head of the file and refuses what cannot be a whole video.</summary>
    /// <returns>True where the container lists its frames one by one, so that its count is no estimate.</returns>
    /// <exception cref="VideoException">Missing, unreadable, empty, text or truncated.</exception>
    public static bool Check(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Check(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new VideoException(path, e is FileNotFoundException or DirectoryNotFoundException ? "file not found" : $"cannot be read ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private static bool Check(string path, FileStream file)
    {
        if (file.Length == 0)
        {
            throw new VideoException(path, "the file is empty");
        }

        var head = new byte[Math.Min(HeadLength, file.Length)];
        file.ReadExactly(head);
        if (Begins(head, "RIFF"u8) && head.AsSpan(8).StartsWith("AVI "u8))
        {
            CheckLength(path, file.Length, BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) is var size && size is 0 or uint.MaxValue ? 0 : size + 8L);
            return true;
        }

        if (IsIsoBox(head))
        {
            CheckLength(path, file.Length, LengthOfIsoBoxes(file));
            return true;
        }

        if (Begins(head, [0x1A, 0x45, 0xDF, 0xA3]))
        {
            CheckLength(path, file.Length, LengthOfMatroska(head));
        }
        else if (Begins(head, "OggS"u8))
        {
            CheckLength(path, file.Length, LengthOfOgg(file));
        }
        else if (Begins(head, "GIF8"u8))
        {
            CheckGif(path, file);
        }
        else if (IsText(head) || IsPlayList(head))
        {
            // The decoder would follow the links of play lists (m3u8, sdp, ffconcat), over the network as well.
            throw new VideoException(path, "this is a text file, not a video");
        }

        return false;
    }

    private static bool Begins(byte[] head, ReadOnlySpan<byte> signature) => head.Length >= 16 && head.AsSpan().StartsWith(signature);

    private static void CheckLength(string path, long found, long declared)
    {
        if (found < declared * (1 - MissingShareAllowed))
        {
            throw new VideoException(path, Invariant($"truncated: the container declares {declared} bytes, the file has {found}"));
        }
    }

    private static bool IsIsoBox(byte[] head) => head.Length >= 16
        && (head.AsSpan(4, 4).SequenceEqual("ftyp"u8) || head.AsSpan(4, 4).SequenceEqual("moov"u8) || head.AsSpan(4, 4).SequenceEqual("mdat"u8)
            || head.AsSpan(4, 4).SequenceEqual("wide"u8) || head.AsSpan(4, 4).SequenceEqual("free"u8) || head.AsSpan(4, 4).SequenceEqual("skip"u8));

    /// <summary>Where the last top-level box ends: beyond the file if it was cut off.</summary>
    private static long LengthOfIsoBoxes(FileStream file)
    {
        Span<byte> box = stackalloc byte[16];
        long at = 0;
        while (file.Length - at >= 16)
        {
            file.Position = at;
            file.ReadExactly(box);
            long size = BinaryPrimitives.ReadUInt32BigEndian(box);
            if (size == 1)
            {
                size = BinaryPrimitives.ReadInt64BigEndian(box[8..]);
            }

            // 0 means 'to the end of the file'; less than a header is damage, which the decoder will find.
            if (size < 8 || size > long.MaxValue - at)
            {
                return file.Length;
            }

            at += size;
        }

        return at;
    }

    private static long LengthOfMatroska(byte[] head)
    {
        var header = ReadEbmlSize(head, 4, out var afterSize);
        if (header is null || afterSize + header.Value + 12 > head.Length)
        {
            return 0;
        }

        var segment = (int)(afterSize + header.Value);
        if (!head.AsSpan(segment).StartsWith((ReadOnlySpan<byte>)[0x18, 0x53, 0x80, 0x67]))
        {
            return 0;
        }

        return ReadEbmlSize(head, segment + 4, out var start) is { } size ? start + size : 0;
    }

    /// <summary>A variable-length EBML size; null for 'unknown', which live streams write.</summary>
    private static long? ReadEbmlSize(byte[] bytes, int at, out int after)
    {
        var length = System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[at]) - 23;
        after = at + length;
        if (length > 8 || after > bytes.Length)
        {
            return null;
        }

        long value = bytes[at] & ((1 << (8 - length)) - 1);
        var allOnes = value == (1 << (8 - length)) - 1;
        for (var i = at + 1; i < after; i++)
        {
            value = (value << 8) | bytes[i];
            allOnes &= bytes[i] == 0xFF;
        }

        return allOnes ? null : value;
    }

    /// <summary>Where the last Ogg page ends; 0 where none is found in the file's tail.</summary>
    private static long LengthOfOgg(FileStream file)
    {
        const int LargestPage = 27 + 255 + (255 * 255);
        var tail = new byte[Math.Min(file.Length, 2 * LargestPage)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var page = tail.AsSpan().LastIndexOf("OggS"u8);
        if (page < 0 || page + 27 > tail.Length || page + 27 + tail[page + 26] > tail.Length)
        {
            return 0;
        }

        var end = page + 27 + tail[page + 26];
        foreach (var lacing in tail.AsSpan(page + 27, tail[page + 26]))
        {
            end += lacing;
        }

        return file.Length - tail.Length + end;
    }

    private static void CheckGif(string path, FileStream file)
    {
        const byte Trailer = 0x3B;
        var tail = new byte[Math.Min(file.Length, 64)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        if (!tail.Contains(Trailer))
        {
            throw new VideoException(path, "truncated: the GIF trailer is missing");
        }
    }

    /// <summary>No control characters but tab and line ends: plain or UTF-8 text.</summary>
    private static bool IsText(byte[] head) => Array.TrueForAll(head, b => b >= 0x20 || b is (byte)'\t' or (byte)'\r' or (byte)'\n');

    /// <summary>Begins as a play list, whatever follows: a control character in a comment makes it no other.</summary>
    private static bool IsPlayList(byte[] head) => Begins(head, "#EXTM3U"u8) || Begins(head, "ffconcat"u8);
}
