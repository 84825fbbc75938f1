namespace ServeWithOnnx;

/// <summary>Knows the kinds of file that a video comes in by how they begin.</summary>
/// <remarks>
/// FFmpeg opens more than that: play lists, for one, which are text and name other files of this machine for it to read. So a file is looked at before FFmpeg gets it.
/// </remarks>
internal static class VideoContainer
{
    private const int Needed = 189;
    private const int TransportPacket = 188;
    private const byte TransportSync = 0x47;

    private static readonly string[] FirstBoxes = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"];

    private static readonly byte[][] Signatures =
    [
        [0x1A, 0x45, 0xDF, 0xA3], // Matroska, WebM
        [0x00, 0x00, 0x01, 0xBA], // MPEG programme stream
        [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], // ASF, WMV
        [.. "OggS\0"u8],
        [.. "FLV\u0001"u8],
    ];

    /// <summary>Whether a file begins as MP4, QuickTime, Matroska, WebM, AVI, Ogg, MPEG, FLV or WMV does.</summary>
    public static bool Holds(string path)
    {
        using var file = File.OpenRead(path);
        var start = new byte[Needed];
        return Begins(start.AsSpan(0, file.ReadAtLeast(start, Needed, throwOnEndOfStream: false)));
    }

    private static bool Begins(ReadOnlySpan<byte> start)
    {
        foreach (var signature in Signatures)
        {
            if (start.StartsWith(signature))
            {
                return true;
            }
        }

        return IsAvi(start) || IsMp4(start) || IsTransportStream(start);
    }

    private static bool IsAvi(ReadOnlySpan<byte> start) => start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..12].SequenceEqual("AVI "u8);

    // A box begins with its size; a first box below 16 MB begins with a zero, as no text does.
    private static bool IsMp4(ReadOnlySpan<byte> start) =>
        start.Length >= 8 && start[0] == 0 && FirstBoxes.Contains(System.Text.Encoding.Latin1.GetString(start[4..8]), StringComparer.Ordinal);

    private static bool IsTransportStream(ReadOnlySpan<byte> start) => start.Length >= Needed && start[0] == TransportSync && start[TransportPacket] == TransportSync;
}
