using System.Buffers.Binary;
using System.Numerics;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>One element of a Matroska or WebM file: its id and where its content lies (RFC 8794).</summary>
/// <param name="Id">With its length marker.</param>
/// <param name="Start">Where its content begins.</param>
/// <param name="End">Where it ends; null where its size is unknown, as live recordings write it.</param>
internal readonly record struct EbmlElement(uint Id, long Start, long? End);

/// <summary>Walks over the elements of a Matroska or WebM file without reading their content.</summary>
internal sealed class EbmlElements(Stream file, string video, Action checkCancelled)
{
    private const int MostElements = 100_000; // before the first pictures: real files have some hundred
    private int _elements;

    public long FileLength => file.Length;

    public IEnumerable<EbmlElement> Between(long start, long end)
    {
        var head = new byte[12];
        for (var at = start; at + 2 <= end;)
        {
            file.Position = at;
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (ReadId(head.AsSpan(0, read), out var idLength) is not { } id || ReadSize(head.AsSpan(idLength, read - idLength), out var sizeLength, out var size) == false)
            {
                yield break;
            }

            if (++_elements > MostElements)
            {
                throw new VideoException(video, $"it has more than {MostElements} elements before its first picture, as no real video has");
            }

            if (_elements % 1024 == 0)
            {
                checkCancelled();
            }

            var content = at + idLength + sizeLength;
            var element = new EbmlElement(id, content, size is { } known && known <= long.MaxValue - content ? content + known : null);
            yield return element;
            if (element.End is not { } next)
            {
                yield break;
            }

            at = next;
        }
    }

    public IEnumerable<EbmlElement> In(EbmlElement parent) => Between(parent.Start, Math.Min(parent.End ?? file.Length, file.Length));

    /// <summary>An unsigned number of up to 8 bytes; 0 where it is not there.</summary>
    public ulong Number(EbmlElement element)
    {
        Span<byte> bytes = stackalloc byte[8];
        var length = Length(element, 8);
        Read(element.Start, bytes[(8 - length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>A float of 4 or 8 bytes.</summary>
    public double Float(EbmlElement element)
    {
        Span<byte> bytes = stackalloc byte[8];
        var length = Length(element, 8);
        Read(element.Start, bytes[..length]);
        return length switch { 4 => BinaryPrimitives.ReadSingleBigEndian(bytes), 8 => BinaryPrimitives.ReadDoubleBigEndian(bytes), _ => 0 };
    }

    public string Text(EbmlElement element)
    {
        var bytes = new byte[Length(element, 64)];
        Read(element.Start, bytes);
        return System.Text.Encoding.Latin1.GetString(bytes).TrimEnd('\0');
    }

    private static uint? ReadId(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.IsEmpty ? 0 : BitOperations.LeadingZeroCount(bytes[0]) - 23;
        if (length is < 1 or > 4 || length > bytes.Length)
        {
            return null;
        }

        uint id = 0;
        foreach (var b in bytes[..length])
        {
            id = (id << 8) | b;
        }

        return id;
    }

    /// <summary>A variable-length size; null for 'unknown'. False where it is none.</summary>
    private static bool ReadSize(ReadOnlySpan<byte> bytes, out int length, out long? size)
    {
        size = null;
        length = bytes.IsEmpty ? 0 : BitOperations.LeadingZeroCount(bytes[0]) - 23;
        if (length is < 1 or > 8 || length > bytes.Length)
        {
            return false;
        }

        long value = bytes[0] & ((1 << (8 - length)) - 1);
        var allOnes = value == (1 << (8 - length)) - 1;
        foreach (var b in bytes[1..length])
        {
            value = (value << 8) | b;
            allOnes &= b == 0xFF;
        }

        size = allOnes ? null : value;
        return true;
    }

    private static int Length(EbmlElement element, int most) => (int)Math.Clamp((element.End ?? element.Start) - element.Start, 0, most);

    private void Read(long at, Span<byte> bytes)
    {
        file.Position = at;
        _ = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
    }
}
