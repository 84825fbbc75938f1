namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>The sequence parameter set of HEVC (ITU-T H.265, 7.3.2.2 and E.2.1).</summary>
internal static class HevcSequence
{
    private const int UnitType = 33;
    private const int MostReferenceSets = 64;

    // Of log2_max_pic_order_cnt_lsb_minus4 (ITU-T H.265, 7.4.3.2.1).
    private const int MostMoreOrderBits = 12;

    /// <summary>The last set of a packet; null where it has none.</summary>
    public static SequenceHeader? Of(ReadOnlySpan<byte> packet)
    {
        SequenceHeader? header = null;
        for (var at = 0; NalUnits.Begin(packet) && NalUnits.Next(packet, ref at, out var unit);)
        {
            // Sets of further layers (stereo, scalable) do not concern the pictures that are decoded.
            if (unit.Length > 8 && ((unit[0] >> 1) & 0x3F) == UnitType && (unit[0] & 1) == 0 && unit[1] >> 3 == 0)
            {
                header = Read(new BitReader(NalUnits.Unescape(unit[2..]))) ?? header;
            }
        }

        return header;
    }

    private static SequenceHeader? Read(BitReader bits)
    {
        bits.Skip(4);
        var layers = bits.Bits(3) + 1;
        bits.Skip(1);
        var interlaced = ReadProfile(ref bits, layers);
        _ = bits.Exp(); // number of the set
        var chroma = bits.Exp();
        if (chroma == 3)
        {
            bits.Skip(1);
        }

        long width = bits.Exp(), height = bits.Exp();
        if (bits.Bit())
        {
            width -= (chroma is 1 or 2 ? 2 : 1) * ((long)bits.Exp() + bits.Exp());
            height -= (chroma == 1 ? 2 : 1) * ((long)bits.Exp() + bits.Exp());
        }

        if (bits.IsPastEnd || width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue)
        {
            return null;
        }

        var header = new SequenceHeader((int)width, (int)height) { Interlaced = interlaced, Depth = 8 + Math.Min(bits.Exp(), 8) };
        var colours = SkipTools(ref bits, layers) && bits.Bit() ? VideoUsability.Read(ref bits) : null;
        return bits.IsPastEnd ? header : header with { Colours = colours };
    }

    /// <summary>Profile, tier and level; true where the source is said to be interlaced and not progressive.</summary>
    private static bool ReadProfile(ref BitReader bits, int layers)
    {
        bits.Skip(8 + 32);
        var (progressive, interlaced) = (bits.Bit(), bits.Bit());
        bits.Skip(46 + 8);
        var present = new (bool Profile, bool Level)[layers - 1];
        for (var i = 0; i < present.Length; i++)
        {
            present[i] = (bits.Bit(), bits.Bit());
        }

        bits.Skip(layers > 1 ? 2 * (9 - layers) : 0);
        foreach (var (profile, level) in present)
        {
            bits.Skip((profile ? 88 : 0) + (level ? 8 : 0));
        }

        return interlaced && !progressive;
    }

    /// <summary>Everything between the depth of luma and the usability information; false where it makes no sense.</summary>
    private static bool SkipTools(ref BitReader bits, int layers)
    {
        _ = bits.Exp(); // depth of chroma
        var moreOrderBits = bits.Exp();
        if (moreOrderBits > MostMoreOrderBits)
        {
            return false;
        }

        for (var layer = bits.Bit() ? 0 : layers - 1; layer < layers; layer++)
        {
            _ = bits.Exp();
            _ = bits.Exp();
            _ = bits.Exp();
        }

        for (var i = 0; i < 6; i++)
        {
            _ = bits.Exp(); // block sizes and depths
        }

        if (bits.Bit() && bits.Bit())
        {
            SkipScaling(ref bits);
        }

        bits.Skip(2);
        if (bits.Bit())
        {
            bits.Skip(8); // raw samples
            _ = bits.Exp();
            _ = bits.Exp();
            bits.Skip(1);
        }

        if (!HevcReferenceSets.Skip(ref bits, MostReferenceSets))
        {
            return false;
        }

        if (bits.Bit())
        {
            bits.Skip(Math.Min(bits.Exp(), 32) * (moreOrderBits + 4 + 1)); // long-term references
        }

        bits.Skip(2);
        return !bits.IsPastEnd;
    }

    private static void SkipScaling(ref BitReader bits)
    {
        for (var size = 0; size < 4; size++)
        {
            for (var matrix = 0; matrix < 6 && !bits.IsPastEnd; matrix += size == 3 ? 3 : 1)
            {
                if (!bits.Bit())
                {
                    _ = bits.Exp();
                    continue;
                }

                if (size > 1)
                {
                    _ = bits.SignedExp();
                }

                for (var i = Math.Min(64, 1 << (4 + (size << 1))); i > 0; i--)
                {
                    _ = bits.SignedExp();
                }
            }
        }
    }
}
