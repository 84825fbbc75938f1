using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Reliability.Fuzzing.Mutations;

/// <summary>Mutations of files that consist of named and sized parts: mp4 boxes, RIFF chunks, Matroska elements.</summary>
internal static class ChunkMutations
{
    /// <summary>Types of boxes and chunks that readers look for; files of this kind are searched for them.</summary>
    private static readonly string[] Types =
    [
        "ftyp", "moov", "mvhd", "trak", "tkhd", "mdia", "mdhd", "hdlr", "minf", "stbl", "stsd", "stts", "ctts", "stsz", "stz2", "stss", "stco", "edts", "elst", "udta", "meta", "ilst", "covr", "mdat", "moof", "mvex", "cmov", "colr",
        "fiel", "free", "RIFF", "LIST", "hdrl", "strl", "strh", "strf", "movi", "avih", "idx1", "vids", "OggS", "vide",
    ];

    private static readonly byte[][] TypeBytes = [.. Types.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Ids of the elements that the Matroska reader looks for.</summary>
    private static readonly byte[][] Ids =
    [
        [0x18, 0x53, 0x80, 0x67], [0x16, 0x54, 0xAE, 0x6B], [0x1F, 0x43, 0xB6, 0x75], [0xAE], [0x83], [0x86], [0xE0], [0x9A], [0x53, 0xC0], [0xB0], [0xBA], [0x55, 0xB0], [0x55, 0xB1], [0x55, 0xBA], [0x55, 0xB9],
        [0x76, 0x70], [0x76, 0x73], [0x76, 0x75], [0xEC], [0x1A, 0x45, 0xDF, 0xA3],
    ];

    public static IReadOnlyList<Mutation> All { get; } = [SetSize, SetSize, Rename, SetField, SetField, Nest, RemovePart, SetElement, SetElement];

    /// <summary>Writes a size in front of a type (boxes) or behind it (chunks).</summary>
    public static byte[] SetSize(byte[] input, Draw draw)
    {
        if (Find(input, draw) is not { } type)
        {
            return input;
        }

        var bytes = (byte[])input.Clone();
        var value = draw.OneIn(8) ? 1 : (uint)draw.Number(input.Length); // 1: the size follows in 64 bits
        if (draw.OneIn(3) && type + 8 <= bytes.Length)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(type + 4), value);
        }
        else if (type >= 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(type - 4), value);
        }

        return bytes;
    }

    public static byte[] Rename(byte[] input, Draw draw)
    {
        if (Find(input, draw) is not { } type)
        {
            return input;
        }

        var bytes = (byte[])input.Clone();
        draw.Of(TypeBytes).CopyTo(bytes.AsSpan(type));
        return bytes;
    }

    /// <summary>Writes a 32-bit number among the fields behind a type.</summary>
    public static byte[] SetField(byte[] input, Draw draw)
    {
        var at = Find(input, draw) + 4 + (4 * draw.Below(24)) ?? input.Length;
        if (at + 4 > input.Length)
        {
            return input;
        }

        var bytes = (byte[])input.Clone();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), (uint)draw.Number(input.Length));
        return bytes;
    }

    /// <summary>Lays many small boxes, one inside or behind another, in front of one.</summary>
    public static byte[] Nest(byte[] input, Draw draw)
    {
        if (Find(input, draw) is not { } type || type < 4)
        {
            return input;
        }

        var (depth, name, inside) = (1 + draw.Below(200), draw.Of(TypeBytes), draw.OneIn(2));
        var boxes = new byte[depth * 8];
        for (var i = 0; i < depth; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(boxes.AsSpan(i * 8), inside ? boxes.Length - (i * 8) : 8);
            name.CopyTo(boxes.AsSpan((i * 8) + 4));
        }

        return [.. input[..(type - 4)], .. boxes, .. input[(type - 4)..]];
    }

    public static byte[] RemovePart(byte[] input, Draw draw)
    {
        if (Find(input, draw) is not { } type || type < 4)
        {
            return input;
        }

        var size = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(input.AsSpan(type - 4)), (uint)(input.Length - type));
        return [.. input[..(type - 4)], .. input[(type - 4 + size)..]];
    }

    /// <summary>Lays an element of Matroska somewhere, with a size that may be any.</summary>
    public static byte[] SetElement(byte[] input, Draw draw)
    {
        var at = draw.Below(input.Length);
        byte[] size = draw.Below(5) switch
        {
            0 => [0xFF],
            1 => [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            2 => [0x01, .. draw.Bytes(7)],
            3 => [(byte)(0x40 | draw.Below(64)), draw.Byte()],
            _ => [(byte)(0x80 | draw.Below(9))],
        };
        byte[] element = [.. draw.Of(Ids), .. size, .. draw.Bytes(draw.Below(9))];
        return draw.OneIn(2) ? [.. input[..at], .. element, .. input[at..]] : [.. input[..at], .. element, .. input[Math.Min(input.Length, at + element.Length)..]];
    }

    private static int? Find(byte[] input, Draw draw)
    {
        var from = draw.Below(input.Length);
        for (var tries = 0; tries < 4; tries++)
        {
            var type = draw.Of(TypeBytes);
            var found = input.AsSpan(from).IndexOf(type);
            found = found >= 0 ? found + from : input.AsSpan().IndexOf(type);
            if (found >= 0)
            {
                return found;
            }
        }

        return null;
    }
}
