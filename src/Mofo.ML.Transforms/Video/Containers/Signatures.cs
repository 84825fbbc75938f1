using System.Text;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>What the first bytes of a file say it is: one of the containers that are read, or the reason why it is not read.</summary>
/// <remarks>
/// This is an allow-list. FFmpeg itself opens much more, and what it opens may name other files or addresses for it to open: play lists (HLS, ffconcat), session
/// descriptions (SDP). It also skips an ID3 tag and opens what follows, so a file that begins with such a tag is refused whatever follows.
/// </remarks>
internal static class Signatures
{
    /// <summary>Bytes that <see cref="Identify"/> needs; fewer where the file has fewer.</summary>
    public const int HeadLength = 4096;

    private static readonly string[] FirstBoxes = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "uuid", "junk"];

    private static readonly (byte[] Start, ContainerKind Kind)[] Known =
    [
        ([0x1A, 0x45, 0xDF, 0xA3], ContainerKind.Matroska),
        ([.. "OggS\0"u8], ContainerKind.Ogg),
        ([.. "FLV\u0001"u8], ContainerKind.Flv),
        ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], ContainerKind.Asf),
        ([0x00, 0x00, 0x01, 0xBA], ContainerKind.ProgramStream),
        ([0x00, 0x00, 0x01], ContainerKind.ElementaryStream),
        ([0x00, 0x00, 0x00, 0x01], ContainerKind.ElementaryStream),
        ([0x06, 0x0E, 0x2B, 0x34], ContainerKind.Mxf),
        ([.. "GIF87a"u8], ContainerKind.Gif),
        ([.. "GIF89a"u8], ContainerKind.Gif),
        ([.. "YUV4MPEG2 "u8], ContainerKind.Y4m),
        ([.. "DKIF"u8], ContainerKind.Ivf),
        ([.. ".RMF\0"u8], ContainerKind.RealMedia),
        ([.. "nut/multimedia container\0"u8], ContainerKind.Nut),
    ];

    /// <summary>The container, or null and the reason why the file is not read.</summary>
    public static ContainerKind? Identify(ReadOnlySpan<byte> head, out string reason)
    {
        reason = "";
        foreach (var (start, kind) in Known)
        {
            if (head.StartsWith(start))
            {
                return kind;
            }
        }

        if (IsIsoMedia(head) && !IsHeif(head))
        {
            return ContainerKind.IsoMedia;
        }

        if (IsRiff(head, "AVI "u8))
        {
            return ContainerKind.Avi;
        }

        if (IsAnimatedPng(head))
        {
            return ContainerKind.Apng;
        }

        if (!FilesOfOtherKinds.BeginsAsText(head) && !FilesOfOtherKinds.IsText(head) && TransportPackets.Begin(head))
        {
            return ContainerKind.TransportStream;
        }

        if (IsDigitalVideo(head) || IsMotionJpeg(head))
        {
            return ContainerKind.ElementaryStream;
        }

        reason = FilesOfOtherKinds.Reason(head);
        return null;
    }

    internal static bool At(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> text) => head.Length >= offset + text.Length && head.Slice(offset, text.Length).SequenceEqual(text);

    internal static bool IsRiff(ReadOnlySpan<byte> head, ReadOnlySpan<byte> kind) => head.StartsWith("RIFF"u8) && At(head, 8, kind);

    /// <summary>Pictures in boxes: HEIC, AVIF.</summary>
    internal static bool IsHeif(ReadOnlySpan<byte> head) => At(head, 4, "ftyp"u8)
        && (At(head, 8, "heic"u8) || At(head, 8, "heix"u8) || At(head, 8, "mif1"u8) || At(head, 8, "avif"u8) || At(head, 8, "avis"u8));

    // A box begins with its size; a first box below 16 MiB, or one with a 64-bit size, begins with a zero, as no text does.
    private static bool IsIsoMedia(ReadOnlySpan<byte> head) =>
        head.Length >= 8 && head[0] == 0 && FirstBoxes.Contains(Encoding.Latin1.GetString(head.Slice(4, 4)), StringComparer.Ordinal);

    private static bool IsAnimatedPng(ReadOnlySpan<byte> head) => FilesOfOtherKinds.IsPng(head) && head.IndexOf("acTL"u8) >= 0;

    // DV has blocks of 80 bytes whose upper three bits give the kind: one of header (0), two of subcode (1), three of auxiliary video data (2).
    private static bool IsDigitalVideo(ReadOnlySpan<byte> head) =>
        head.Length >= 480 && head[0] == 0x1F && head[1] == 0x07 && head[80] >> 5 == 1 && head[160] >> 5 == 1 && head[240] >> 5 == 2 && head[320] >> 5 == 2;

    // Motion JPEG without a container is one JPEG file after another. A single one is a picture.
    private static bool IsMotionJpeg(ReadOnlySpan<byte> head) => FilesOfOtherKinds.IsJpeg(head) && head.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9, 0xFF, 0xD8, 0xFF]) >= 0;
}
