using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>Heads of frames of VP8 (RFC 6386, 9.1) and VP9 (bitstream specification, 6.2).</summary>
internal static class VpxFrame
{
    private const int Rgb = 7;
    private const int SyncCode = 0x498342;
    private const int Unspecified = 2;

    // VP9's own numbers for colour spaces, as those of H.273.
    private static readonly int[] Matrices = [Unspecified, 5, 1, 6, 7, 9, Unspecified, 0];

    /// <summary>Null where the packet is no key frame.</summary>
    public static SequenceHeader? Vp8(ReadOnlySpan<byte> packet) =>
        packet.Length >= 10 && (packet[0] & 1) == 0 && packet[3] == 0x9D && packet[4] == 0x01 && packet[5] == 0x2A
            ? Sized(packet[6] | ((packet[7] & 0x3F) << 8), packet[8] | ((packet[9] & 0x3F) << 8))
            : null;

    /// <summary>Null where the frame states no size of its own: it repeats a frame, or has the size of one that it depends on.</summary>
    public static SequenceHeader? Vp9(ReadOnlySpan<byte> packet)
    {
        var bits = new BitReader(packet);
        if (bits.Bits(2) != 2)
        {
            return null;
        }

        var profile = bits.Bits(1) | (bits.Bits(1) << 1);
        bits.Skip(profile == 3 ? 1 : 0);
        var (repeated, inter, shown, resilient) = (bits.Bit(), bits.Bit(), bits.Bit(), bits.Bit());
        if (repeated)
        {
            return null;
        }

        if (!inter)
        {
            return bits.Bits(24) == SyncCode ? WithColours(ref bits, profile) : null;
        }

        var intraOnly = !shown && bits.Bit();
        bits.Skip(resilient ? 0 : 2);
        if (intraOnly)
        {
            return bits.Bits(24) == SyncCode && profile == 0 ? Sized(ref bits, after: 8) : null;
        }

        bits.Skip(8 + (3 * 4)); // frames that are replaced, frames that are used
        return bits.Bit() || bits.Bit() || bits.Bit() ? null : Sized(ref bits, after: 0);
    }

    private static SequenceHeader? WithColours(ref BitReader bits, int profile)
    {
        bits.Skip(profile >= 2 ? 1 : 0); // 10 or 12 bits
        var space = bits.Bits(3);
        var sampled = (profile & 1) == 1;
        var full = space == Rgb || bits.Bit();
        bits.Skip(!sampled ? 0 : space == Rgb ? 1 : 3);
        return Sized(ref bits, after: 0) is { } header ? header with { Colours = new ColourTags(Unspecified, Matrices[space], full) } : null;
    }

    private static SequenceHeader? Sized(ref BitReader bits, int after)
    {
        bits.Skip(after);
        var (width, height) = (bits.Bits(16) + 1, bits.Bits(16) + 1);
        return bits.IsPastEnd ? null : new SequenceHeader(width, height);
    }

    private static SequenceHeader? Sized(int width, int height) => width > 0 && height > 0 ? new SequenceHeader(width, height) : null;
}
