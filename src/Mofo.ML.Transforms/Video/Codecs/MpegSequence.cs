using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>Sequence headers of MPEG-1 and MPEG-2 (ISO/IEC 13818-2, 6.2.2) and the video object layer of MPEG-4 part 2 (ISO/IEC 14496-2, 6.2.3).</summary>
internal static class MpegSequence
{
    private const int Sequence = 0xB3;
    private const int Extension = 0xB5;
    private const int SequenceExtension = 1;
    private const int DisplayExtension = 2;
    private const int OwnRatio = 15;

    /// <summary>The last sequence header of a packet; null where it has none.</summary>
    public static SequenceHeader? Of(ReadOnlySpan<byte> packet)
    {
        SequenceHeader? header = null;
        for (var at = 0; NalUnits.Next(packet, ref at, out var unit);)
        {
            if (unit.Length >= 8 && unit[0] == Sequence)
            {
                header = new SequenceHeader((unit[1] << 4) | (unit[2] >> 4), ((unit[2] & 0xF) << 8) | unit[3]);
            }
            else if (header is not null && unit.Length >= 5 && unit[0] == Extension)
            {
                header = Extend(header, unit[1..]);
            }
        }

        return header is { Width: > 0, Height: > 0 } ? header : null;
    }

    /// <summary>The size of MPEG-4 part 2 pictures; null where the packet has no such header.</summary>
    public static SequenceHeader? OfMpeg4(ReadOnlySpan<byte> packet)
    {
        for (var at = 0; NalUnits.Next(packet, ref at, out var unit);)
        {
            if (unit.Length > 8 && unit[0] is >= 0x20 and <= 0x2F)
            {
                return ReadLayer(new BitReader(unit[1..]));
            }
        }

        return null;
    }

    private static SequenceHeader Extend(SequenceHeader header, ReadOnlySpan<byte> extension)
    {
        var bits = new BitReader(extension);
        var kind = bits.Bits(4);
        if (kind == SequenceExtension)
        {
            bits.Skip(8); // profile and level
            var progressive = bits.Bit();
            bits.Skip(2); // chroma format
            return header with { Interlaced = !progressive, Width = header.Width | (bits.Bits(2) << 12), Height = header.Height | (bits.Bits(2) << 12) };
        }

        if (kind != DisplayExtension)
        {
            return header;
        }

        bits.Skip(3); // analogue system
        return bits.Bit() && bits.Bits(8) >= 0 ? header with { Colours = new ColourTags(bits.Bits(8), bits.Bits(8), FullRange: false) } : header;
    }

    private static SequenceHeader? ReadLayer(BitReader bits)
    {
        bits.Skip(1 + 8);
        var version = 1;
        if (bits.Bit())
        {
            version = bits.Bits(4);
            bits.Skip(3);
        }

        bits.Skip(bits.Bits(4) == OwnRatio ? 16 : 0);
        if (bits.Bit())
        {
            bits.Skip(3);
            bits.Skip(bits.Bit() ? 79 : 0);
        }

        var shape = bits.Bits(2);
        bits.Skip(1);
        var ticks = bits.Bits(16);
        bits.Skip(1);
        bits.Skip(bits.Bit() ? Math.Max(1, 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Max(0, ticks - 1))) : 0);
        if (shape != 0 || version > 5)
        {
            return null; // shapes other than rectangles
        }

        bits.Skip(1);
        var width = bits.Bits(13);
        bits.Skip(1);
        var height = bits.Bits(13);
        bits.Skip(1);
        var interlaced = bits.Bit();
        return bits.IsPastEnd || width == 0 || height == 0 ? null : new SequenceHeader(width, height) { Interlaced = interlaced };
    }
}
