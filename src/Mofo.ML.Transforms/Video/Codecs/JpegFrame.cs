using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>The frame header of a JPEG picture (ITU-T T.81, B.2.2).</summary>
internal static class JpegFrame
{
    /// <summary>The size; null where no frame header is found.</summary>
    public static SequenceHeader? Of(ReadOnlySpan<byte> picture)
    {
        for (var at = 2; at + 9 < picture.Length && picture[at] == 0xFF;)
        {
            var marker = picture[at + 1];
            if (marker == 0xFF)
            {
                at++; // padding
                continue;
            }

            // Frame headers but for the three markers among them that mean something else.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(picture[(at + 5)..]), BinaryPrimitives.ReadUInt16BigEndian(picture[(at + 7)..]));
                return width > 0 && height > 0 ? new SequenceHeader(width, height) : null;
            }

            at += 2 + (marker is 0x01 or (>= 0xD0 and <= 0xD9) ? 0 : BinaryPrimitives.ReadUInt16BigEndian(picture[(at + 2)..]));
        }

        return null;
    }
}
