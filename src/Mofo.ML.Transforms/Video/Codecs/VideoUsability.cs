using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>The part of the usability information (VUI) that H.264 and HEVC have in common: from the pixel's shape to the colours.</summary>
internal static class VideoUsability
{
    private const int OwnRatio = 255;
    private const int Unspecified = 2;

    /// <summary>The colours; null where they are not described.</summary>
    public static ColourTags? Read(ref BitReader bits)
    {
        if (bits.Bit() && bits.Bits(8) == OwnRatio)
        {
            bits.Skip(32); // width and height of a pixel
        }

        if (bits.Bit())
        {
            bits.Skip(1); // overscan
        }

        if (!bits.Bit())
        {
            return null;
        }

        bits.Skip(3); // analogue system
        var full = bits.Bit();
        if (!bits.Bit())
        {
            return new ColourTags(Unspecified, Unspecified, full);
        }

        bits.Skip(8); // primaries
        var transfer = bits.Bits(8);
        return new ColourTags(transfer, bits.Bits(8), full);
    }
}
