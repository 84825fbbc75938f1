using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>Heads of key frames of VP8 (RFC 6386, 9.1) and VP9 (bitstream specification, 6.2).</summary>
internal static class VpxFrame
{
    private const int Rgb = 7;
    private const int Unspecified = 2;

    // VP9's own numbers for colour spaces, as those of H.273.
    private static readonly int[] Matrices = [Unspecified, 5, 1, 6, 7, 9, Unspecified, 0];

    /// <summary>Null where the packet is no key frame.</summary>
    public static SequenceHeader? Vp8(ReadOnlySpan<byte> packet) =>
        packet.Length >= 10 && (packet[0] & 1) == 0 && packet[3] == 0x9D && packet[4] == 0x01 && packet[5] == 0x2A
            ? Sized(packet[6] | ((packet[7] & 0x3F) << 8), packet[8] | ((packet[9] & 0x3F) << 8))
            : null;

    /// <summary>Null where the packet is no key frame.</summary>
    public static SequenceHeader? Vp9(ReadOnlySpan<byte> packet)
    {
        var bits = new BitReader(packet);
        if (bits.Bits(2) != 2)
        {
            return null;
        }

        var profile = bits.Bits(1) | (bits.Bits(1) << 1);
        if (profile == 3)
        {
            bits.Skip(1);
        }

        var (repeated, inter) = (bits.Bit(), bits.Bit());
        bits.Skip(2);
        if (repeated || inter || bits.Bits(24) != 0x498342)
        {
            return null;
        }

        if (profile >= 2)
        {
            bits.Skip(1); // 10 or 12 bits
        }

        var space = bits.Bits(3);
        bool? full = true;
        if (space != Rgb)
        {
            full = bits.Bit();
            bits.Skip((profile & 1) == 1 ? 3 : 0);
        }
        else
        {
            bits.Skip((profile & 1) == 1 ? 1 : 0);
        }

        var header = Sized(bits.Bits(16) + 1, bits.Bits(16) + 1);
        return bits.IsPastEnd || header is null ? null : header with { Colours = new ColourTags(Unspecified, Matrices[space], full) };
    }

    private static SequenceHeader? Sized(int width, int height) => width > 0 && height > 0 ? new SequenceHeader(width, height) : null;
}
