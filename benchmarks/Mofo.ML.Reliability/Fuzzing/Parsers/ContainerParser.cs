using System.Buffers.Binary;
using System.Text;
using Mofo.ML.Reliability.Fuzzing.Mutations;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>What looks at a video file before the decoder gets it: signatures, mp4 boxes, AVI chunks, Matroska elements, Ogg pages.</summary>
/// <param name="samples">Real files beside the synthetic ones.</param>
internal sealed class ContainerParser(IEnumerable<byte[]> samples) : Parser
{
    private static readonly VideoLimits Limits = new();

    public override string Name => "container";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Synthetic(), .. samples];

    public override IReadOnlyList<Mutation> Mutations => ChunkMutations.All;

    public override void Read(byte[] input)
    {
        using var stream = new MemoryStream(input);
        _ = Container.Read("video", stream, Limits, () => { });
    }

    public override bool Documents(Exception error) => error is VideoException;

    private static IEnumerable<byte[]> Synthetic()
    {
        yield return Mp4(edits: true);
        yield return Mp4(edits: false);
        yield return Avi();
        yield return Mkv();
        yield return [.. "OggS\0\u0002"u8, .. new byte[20], 1, 10, .. new byte[10], .. "OggS\0\u0004"u8, .. new byte[20], 1, 4, 1, 2, 3, 4];
        yield return [.. "GIF89a"u8, 8, 0, 8, 0, 0, 0, 0, 0x3B];
        yield return [.. new byte[] { 0x47, 0x40, 0, 0x10 }, .. new byte[184], 0x47, 0x40, 0, 0x11, .. new byte[184], 0x47, .. new byte[187]];
    }

    private static byte[] Mp4(bool edits)
    {
        var entry = Box("mp4v", new byte[24], Words(0x00400030), new byte[50], Box("colr", "nclx"u8.ToArray(), [0, 1, 0, 1, 0, 1, 0]), Box("fiel", [1, 0]));
        var table = Box("stbl", Box("stsd", Words(0, 1), entry), Box("stts", Words(0, 1, 4, 100)), Box("ctts", Words(0, 2, 2, 0, 2, 100)), Box("stsz", Words(0, 0, 4, 9, 9, 9, 9)), Box("stco", Words(0, 1, 40)));
        var media = Box("mdia", Box("mdhd", Words(0, 0, 0, 2500, 400, 0)), Box("hdlr", Words(0, 0), "vide"u8.ToArray(), new byte[13]), Box("minf", table));
        var list = edits ? Box("edts", Box("elst", Words(0, 1, 400, 0, 1 << 16))) : [];
        var track = Box("trak", Box("tkhd", Words(7, 0, 0, 1, 0, 400, 0, 0, 0, 0), Matrix(), Words(64 << 16, 48 << 16)), list, media);
        var tags = Box("udta", Box("meta", Words(0), Box("hdlr", new byte[25]), Box("ilst", Box("covr", Box("data", Words(13, 0), [0xFF, 0xD8])))));
        return [.. Box("ftyp", "isom"u8.ToArray(), Words(0)), .. Box("mdat", new byte[36]), .. Box("moov", Box("mvhd", Words(0, 0, 0, 1000, 400, 1 << 16), new byte[12], Matrix(), new byte[28]), tags, track)];
    }

    private static byte[] Matrix() => Words(1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30);

    private static byte[] Avi()
    {
        byte[] header = [.. "vidsMJPG"u8, .. new byte[24], 4, 0, 0, 0, .. new byte[20]];
        byte[] format = [40, 0, 0, 0, 64, 0, 0, 0, 48, 0, 0, 0, 1, 0, 24, 0, .. "MJPG"u8, .. new byte[20]];
        byte[] lists = [.. Chunk("LIST", [.. "hdrl"u8, .. Chunk("avih", new byte[56]), .. Chunk("LIST", [.. "strl"u8, .. Chunk("strh", header), .. Chunk("strf", format)])]), .. Chunk("LIST", [.. "movi"u8, .. Chunk("00dc", new byte[9])])];
        return Chunk("RIFF", [.. "AVI "u8, .. lists]);
    }

    private static byte[] Mkv()
    {
        byte[] colour = Element([0x55, 0xB0], [.. Element([0x55, 0xB1], [1]), .. Element([0x55, 0xBA], [16]), .. Element([0x55, 0xB9], [1])]);
        byte[] pose = Element([0x76, 0x70], [.. Element([0x76, 0x73], [0x43, 0x34, 0, 0]), .. Element([0x76, 0x75], [0x42, 0xB4, 0, 0])]);
        byte[] video = Element([0xE0], [.. Element([0x9A], [1]), .. Element([0x53, 0xC0], [1]), .. Element([0xB0], [64]), .. Element([0xBA], [48]), .. colour, .. pose]);
        byte[] track = Element([0xAE], [.. Element([0x83], [1]), .. Element([0x86], "V_VP9"u8), .. video]);
        return [0x1A, 0x45, 0xDF, 0xA3, 0x80, .. Element([0x18, 0x53, 0x80, 0x67], [.. Element([0xEC], [0, 0]), .. Element([0x16, 0x54, 0xAE, 0x6B], track), .. Element([0x1F, 0x43, 0xB6, 0x75], [0, 0, 0])])];
    }

    private static byte[] Box(string type, params byte[][] content) => [.. Words(8 + content.Sum(part => part.Length)), .. Encoding.ASCII.GetBytes(type), .. content.SelectMany(part => part)];

    private static byte[] Words(params int[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return bytes;
    }

    private static byte[] Chunk(string type, byte[] content) => [.. Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length % 2]];

    private static byte[] Element(byte[] id, ReadOnlySpan<byte> content) => [.. id, (byte)(0x40 | (content.Length >> 8)), (byte)content.Length, .. content];
}
