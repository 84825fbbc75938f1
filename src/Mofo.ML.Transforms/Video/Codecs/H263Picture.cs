namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>Picture headers of H.263 (ITU-T H.263, 5.1) and of Sorenson's variant in flv files (Adobe Flash Video File Format, version 10, annex E.4.3.1).</summary>
internal static class H263Picture
{
    private const int StartCode = 0x20; // of 22 bits
    private const int Extended = 7;
    private const int FullHeader = 1;
    private const int Custom = 6;

    // By the number of the source format: none, sub-QCIF, QCIF, CIF, 4CIF, 16CIF.
    private static readonly (int Width, int Height)[] Formats = [(0, 0), (128, 96), (176, 144), (352, 288), (704, 576), (1408, 1152)];
    private static readonly (int Width, int Height)[] SorensonFormats = [(0, 0), (0, 0), (352, 288), (176, 144), (128, 96), (320, 240), (160, 120)];

    /// <summary>Null where the packet begins with no header that states a size.</summary>
    public static SequenceHeader? Of(ReadOnlySpan<byte> packet)
    {
        var bits = new BitReader(packet);
        if (bits.Bits(22) != StartCode)
        {
            return null;
        }

        bits.Skip(8 + 5); // time, and five flags
        var format = bits.Bits(3);
        if (format != Extended)
        {
            return Sized(ref bits, format < Formats.Length ? Formats[format] : default);
        }

        if (bits.Bits(3) != FullHeader)
        {
            return null; // The size is that of an earlier picture.
        }

        format = bits.Bits(3);
        if (format != Custom)
        {
            return Sized(ref bits, format < Formats.Length ? Formats[format] : default);
        }

        bits.Skip(15 + 9); // modes, type
        bits.Skip(bits.Bit() ? 2 : 0);
        bits.Skip(4); // shape of a pixel
        var width = 4 * (bits.Bits(9) + 1);
        bits.Skip(1);
        return Sized(ref bits, (width, 4 * bits.Bits(9)));
    }

    /// <summary>Null where the packet begins with no such header.</summary>
    public static SequenceHeader? OfSorenson(ReadOnlySpan<byte> packet)
    {
        var bits = new BitReader(packet);
        if (bits.Bits(17) != 1)
        {
            return null;
        }

        bits.Skip(5 + 8); // version, time
        var format = bits.Bits(3);
        return Sized(ref bits, format switch
        {
            0 => (bits.Bits(8), bits.Bits(8)),
            1 => (bits.Bits(16), bits.Bits(16)),
            _ => format < SorensonFormats.Length ? SorensonFormats[format] : default,
        });
    }

    private static SequenceHeader? Sized(ref BitReader bits, (int Width, int Height) size) =>
        bits.IsPastEnd || size.Width == 0 || size.Height == 0 ? null : new SequenceHeader(size.Width, size.Height);
}
