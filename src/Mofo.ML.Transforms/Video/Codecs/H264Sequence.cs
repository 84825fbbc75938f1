namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>The sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1.1 and E.1.1).</summary>
internal static class H264Sequence
{
    private const int UnitType = 7;

    // Profiles whose sets have chroma format, depth and scaling lists.
    private static readonly int[] HighProfiles = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

    /// <summary>The last set of a packet; null where it has none.</summary>
    public static SequenceHeader? Of(ReadOnlySpan<byte> packet)
    {
        SequenceHeader? header = null;
        for (var at = 0; NalUnits.Begin(packet) && NalUnits.Next(packet, ref at, out var unit);)
        {
            if (unit.Length > 4 && (unit[0] & 0x1F) == UnitType)
            {
                header = Read(new BitReader(NalUnits.Unescape(unit[1..]))) ?? header;
            }
        }

        return header;
    }

    private static SequenceHeader? Read(BitReader bits)
    {
        var profile = bits.Bits(8);
        bits.Skip(16); // constraints and level
        _ = bits.Exp(); // number of the set
        var (chroma, depth) = HighProfiles.Contains(profile) ? ReadChroma(ref bits) : (1, 8);
        _ = bits.Exp(); // bits of the frame number
        SkipOrder(ref bits);
        _ = bits.Exp(); // reference frames
        bits.Skip(1);
        var (columns, rows) = (bits.Exp() + 1L, bits.Exp() + 1L);
        var frames = bits.Bit(); // false: fields are allowed
        if (!frames)
        {
            bits.Skip(1);
        }

        bits.Skip(1); // direct 8x8
        var (unitX, unitY) = (chroma is 1 or 2 ? 2 : 1, (chroma == 1 ? 2 : 1) * (frames ? 1 : 2));
        var (width, height) = (16 * columns, 16 * rows * (frames ? 1 : 2));
        if (bits.Bit())
        {
            width -= unitX * ((long)bits.Exp() + bits.Exp());
            height -= unitY * ((long)bits.Exp() + bits.Exp());
        }

        var colours = bits.Bit() ? VideoUsability.Read(ref bits) : null;
        return bits.IsPastEnd || width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue
            ? null
            : new SequenceHeader((int)width, (int)height) { Colours = colours, Interlaced = !frames, Depth = depth };
    }

    private static (int Chroma, int Depth) ReadChroma(ref BitReader bits)
    {
        var chroma = bits.Exp();
        if (chroma == 3)
        {
            bits.Skip(1); // separate planes
        }

        var depth = 8 + Math.Min(bits.Exp(), 8);
        _ = bits.Exp(); // depth of chroma
        bits.Skip(1); // lossless
        if (bits.Bit())
        {
            for (var list = 0; list < (chroma == 3 ? 12 : 8) && !bits.IsPastEnd; list++)
            {
                if (bits.Bit())
                {
                    SkipScaling(ref bits, list < 6 ? 16 : 64);
                }
            }
        }

        return (chroma, depth);
    }

    private static void SkipScaling(ref BitReader bits, int size)
    {
        var (last, next) = (8, 8);
        for (var i = 0; i < size && next != 0; i++)
        {
            next = (last + bits.SignedExp() + 256) % 256;
            last = next == 0 ? last : next;
        }
    }

    // The order in which pictures are shown; of no interest here.
    private static void SkipOrder(ref BitReader bits)
    {
        var kind = bits.Exp();
        if (kind == 0)
        {
            _ = bits.Exp();
        }
        else if (kind == 1)
        {
            bits.Skip(1);
            _ = bits.SignedExp();
            _ = bits.SignedExp();
            for (var count = bits.Exp(); count > 0 && !bits.IsPastEnd; count--)
            {
                _ = bits.SignedExp();
            }
        }
    }
}
