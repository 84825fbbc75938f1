using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Mofo.ML.Trainers.Training.Reports;

/// <summary>Writes the fields of one protocol buffer in the order of the calls; enough of the format for <see cref="TensorBoardEvents"/>.</summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>An integer; 0 is the default of every field and is left out, as all writers do.</summary>
    public ProtobufMessage Integer(int field, long value)
    {
        if (value != 0)
        {
            Key(field, Varint);
            Number((ulong)value);
        }

        return this;
    }

    public ProtobufMessage Double(int field, double value)
    {
        Key(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    /// <summary>Written also when it is 0: the choice between kinds of values is told by which field is there.</summary>
    public ProtobufMessage Single(int field, float value)
    {
        Key(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Delimited);
        Number((ulong)value.Length);
        _buffer.Write(value);
        return this;
    }

    public ProtobufMessage Message(int field, Action<ProtobufMessage> content)
    {
        var inner = new ProtobufMessage();
        content(inner);
        return Bytes(field, inner.Written);
    }

    private void Key(int field, int kind) => Number((ulong)((field << 3) | kind));

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _buffer.Write([(byte)(value | 0x80)]);
        }

        _buffer.Write([(byte)value]);
    }
}
