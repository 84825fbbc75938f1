using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video;

/// <summary>The size of a TIFF picture: two entries of its first directory (TIFF 6.0, section 2).</summary>
internal static class TiffSize
{
    private const int WidthTag = 256;
    private const int HeightTag = 257;
    private const int ShortType = 3;
    private const int EntryLength = 12;

    public static (long Width, long Height)? Of(ReadOnlySpan<byte> file)
    {
        var little = file[0] == 'I';
        if (file.Length < 8)
        {
            return null;
        }

        long at = Long(file[4..], little);
        if (at + 2 > file.Length)
        {
            return null;
        }

        long? width = null, height = null;
        var entries = Short(file[(int)at..], little);
        for (var entry = at + 2; entries > 0 && entry + EntryLength <= file.Length; entry += EntryLength, entries--)
        {
            var field = file.Slice((int)entry, EntryLength);
            long value = Short(field[2..], little) == ShortType ? Short(field[8..], little) : Long(field[8..], little);
            var tag = Short(field, little);
            width = tag == WidthTag ? value : width;
            height = tag == HeightTag ? value : height;
        }

        return width is { } w && height is { } h ? (w, h) : null;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
