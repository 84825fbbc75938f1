using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video;

/// <summary>The size of a picture from the head of its file, before memory is allocated for its pixels.</summary>
internal static class PictureSize
{
    /// <summary>Width and height; null where the file is none of JPEG, PNG, BMP, WebP, TIFF and PPM, or damaged.</summary>
    public static (long Width, long Height)? Of(ReadOnlySpan<byte> file)
    {
        if (FilesOfOtherKinds.IsJpeg(file))
        {
            return JpegFrame.Of(file) is { } frame ? (frame.Width, frame.Height) : null;
        }

        if (FilesOfOtherKinds.IsPng(file) && file.Length >= 24)
        {
            return (BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]));
        }

        if (file.StartsWith("BM"u8) && file.Length >= 26)
        {
            return OfBmp(file);
        }

        if (Signatures.IsRiff(file, "WEBP"u8) && file.Length >= 30)
        {
            return OfWebP(file);
        }

        return file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) ? TiffSize.Of(file)
            : file.Length > 2 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' ? OfPortableMap(file)
            : null;
    }

    // The old head of OS/2 has 16-bit numbers; a negative height means rows from the top.
    private static (long Width, long Height) OfBmp(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12
        ? (BinaryPrimitives.ReadUInt16LittleEndian(file[18..]), BinaryPrimitives.ReadUInt16LittleEndian(file[20..]))
        : (BinaryPrimitives.ReadUInt32LittleEndian(file[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..])));

    private static (long Width, long Height)? OfWebP(ReadOnlySpan<byte> file)
    {
        if (Signatures.At(file, 12, "VP8X"u8))
        {
            return (1 + (file[24] | (file[25] << 8) | (file[26] << 16)), 1 + (file[27] | (file[28] << 8) | (file[29] << 16)));
        }

        if (Signatures.At(file, 12, "VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return (1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
        }

        return Signatures.At(file, 12, "VP8 "u8) && VpxFrame.Vp8(file[20..]) is { } frame ? (frame.Width, frame.Height) : null;
    }

    /// <summary>Numbers as text, set apart by blanks; comments go from # to the end of the line.</summary>
    private static (long Width, long Height)? OfPortableMap(ReadOnlySpan<byte> file)
    {
        var text = Encoding.Latin1.GetString(file[2..Math.Min(file.Length, 1024)]);
        var words = text.Split('\n').SelectMany(line => line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)).Take(2).ToArray();
        return words.Length == 2 && Number(words[0]) is { } width && Number(words[1]) is { } height ? (width, height) : null;
    }

    private static long? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
