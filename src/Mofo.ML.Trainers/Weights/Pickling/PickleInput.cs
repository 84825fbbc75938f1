using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Trainers.Weights.Pickling;

/// <summary>Bytes of a pickle, read forwards from a stream under a limit that no claimed length can lift.</summary>
internal sealed class PickleInput(Stream stream, string origin)
{
    /// <summary>Longest description that is read; the weights themselves lie outside the pickle. ViT-H with its optimiser has 1 MB.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxNameLength = 1024;

    private long _left = MaxBytes;

    public byte ReadByte()
    {
        Take(1);
        var value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw Ended();
    }

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Read(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public int ReadInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public double ReadBigEndianDouble()
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes);
        return BinaryPrimitives.ReadDoubleBigEndian(bytes);
    }

    public byte[] ReadBytes(long count)
    {
        Take(count);
        var bytes = new GrowingBuffer((int)count);
        return bytes.FillFrom(stream) ? bytes.Bytes : throw Ended();
    }

    public string ReadText(long byteCount) => Encoding.UTF8.GetString(ReadBytes(byteCount));

    /// <summary>A module or class name: text up to a line feed.</summary>
    public string ReadName()
    {
        var text = new StringBuilder();
        for (var next = ReadByte(); next != '\n'; next = ReadByte())
        {
            text.Append((char)next);
            if (text.Length > MaxNameLength)
            {
                throw new WeightFileException(origin, null, "a pickle with an endless name", Invariant($"names of at most {MaxNameLength} letters"));
            }
        }

        return text.ToString();
    }

    private void Read(Span<byte> bytes)
    {
        Take(bytes.Length);
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Ended();
        }
    }

    private void Take(long count)
    {
        if (count < 0 || count > _left)
        {
            throw new WeightFileException(origin, null, Invariant($"a pickle that goes on for {count} bytes more"), Invariant($"a description of at most {MaxBytes} bytes"));
        }

        _left -= count;
    }

    private WeightFileException Ended() => new(origin, null, "an end of file inside the pickle", "a whole pickle");
}
