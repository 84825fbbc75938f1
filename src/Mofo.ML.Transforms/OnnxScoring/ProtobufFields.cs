using System.Text;

namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>The fields of one protocol-buffers message in a stream, one after another; what is not asked for is skipped unread.</summary>
/// <remarks>Every field has a key, (number shl 3) + kind. Kinds: 0 a number, 1 and 5 eight and four bytes, 2 a length and that number of bytes (text, or a message within).</remarks>
internal sealed class ProtobufFields
{
    private readonly string _file;
    private readonly Stream _stream;
    private readonly long _end;
    private long _next;

    /// <summary>The message that a whole stream is.</summary>
    /// <param name="file">Name for messages.</param>
    /// <param name="stream">It can seek.</param>
    public ProtobufFields(string file, Stream stream)
        : this(file, stream, stream.Length) => _next = stream.Position;

    private ProtobufFields(string file, Stream stream, long end) => (_file, _stream, _end, _next) = (file, stream, end, stream.Position);

    /// <summary>Number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, where it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Bytes of its content, where it is text or a message; else -1.</summary>
    public long Length { get; private set; }

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">This is no such message, or it is cut short.</exception>
    public bool MoveNext()
    {
        _stream.Position = _next;
        if (_next >= _end)
        {
            return false;
        }

        var key = ReadNumber();
        Field = (int)Math.Min(key >> 3, int.MaxValue);
        (Number, Length) = (0, -1);
        switch (key & 7)
        {
            case 0:
                Number = ReadNumber();
                _next = _stream.Position;
                return true;
            case 1:
                return PassOver(8);
            case 5:
                return PassOver(4);
            case 2:
                var length = ReadNumber();
                Length = length <= (ulong)(_end - _stream.Position) ? (long)length : throw Damaged();
                return PassOver(Length);
            default:
                throw Damaged();
        }
    }

    /// <summary>The message in this field.</summary>
    public ProtobufFields Inside() => new(_file, _stream, _next);

    /// <summary>The text in this field.</summary>
    /// <exception cref="InvalidDataException">It is no text, or longer than any that a model has.</exception>
    public string ReadText(int longest)
    {
        if (Length < 0 || Length > longest)
        {
            throw Damaged();
        }

        var bytes = new byte[Length];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>What to throw where the content makes no sense.</summary>
    public InvalidDataException Damaged() => new($"'{_file}' is no ONNX file, or it is damaged.");

    private bool PassOver(long bytes)
    {
        _next = _stream.Position + bytes;
        return _next <= _end ? true : throw Damaged();
    }

    private ulong ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = _stream.Position < _end ? _stream.ReadByte() : -1;
            if (next < 0)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }
}
