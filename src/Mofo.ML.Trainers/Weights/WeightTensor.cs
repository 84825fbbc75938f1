using System.Collections.Immutable;
using System.Globalization;

namespace Mofo.ML.Trainers.Weights;

/// <summary>A named tensor as files hold it: little-endian elements in row-major order. Knows nothing of torch or devices.</summary>
/// <remarks>The bytes stay where they are (a file, a module, memory) until they are asked for.</remarks>
internal sealed class WeightTensor
{
    private readonly Action<Span<byte>> _read;

    /// <param name="name">Name, unique in its <see cref="WeightSet"/>.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Size of each dimension; empty for a single value.</param>
    /// <param name="read">Fills a span of exactly <see cref="ByteCount"/> bytes; may be called more than once.</param>
    public WeightTensor(string name, WeightType type, ReadOnlySpan<long> shape, Action<Span<byte>> read)
    {
        Name = name;
        Source = name;
        Type = type;
        Shape = [.. shape];
        ByteCount = TryCountBytes(type, shape, out var count)
            ? count
            : throw new ArgumentException(Invariant($"Tensor '{name}' of shape {Describe(shape)} is too large; a tensor may have at most {Array.MaxLength} bytes."), nameof(shape));
        _read = read;
    }

    public string Name { get; }

    /// <summary>The name in the file that it came from, whatever it was renamed to since.</summary>
    public string Source { get; init; }

    public WeightType Type { get; }

    public ImmutableArray<long> Shape { get; }

    public int ByteCount { get; }

    public int ElementCount => ByteCount / Type.Size();

    /// <summary>Type and shape in words, e.g. <c>F32 [768, 3, 2, 16, 16]</c>.</summary>
    public string Description => $"{Type.Code()} {Describe(Shape.AsSpan())}";

    public static WeightTensor FromMemory(string name, WeightType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    {
        var tensor = new WeightTensor(name, type, shape, destination => bytes.Span.CopyTo(destination));
        return tensor.ByteCount == bytes.Length
            ? tensor
            : throw new ArgumentException(Invariant($"Tensor '{name}' ({tensor.Description}) needs {tensor.ByteCount} bytes; {bytes.Length} were given."), nameof(bytes));
    }

    public static string Describe(ReadOnlySpan<long> shape) => "[" + string.Join(", ", shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture))) + "]";

    /// <summary>Bytes of a tensor; false when a dimension is negative or the whole does not fit into one array.</summary>
    public static bool TryCountBytes(WeightType type, ReadOnlySpan<long> shape, out int bytes)
    {
        bytes = 0;
        Int128 count = type.Size();
        var empty = false;
        foreach (var size in shape)
        {
            if (size < 0)
            {
                return false;
            }

            // A zero anywhere makes the tensor empty, however large the other dimensions claim to be.
            empty |= size == 0;
            count = Int128.Min(count * Math.Max(size, 1), long.MaxValue);
        }

        if (empty)
        {
            return true;
        }

        bytes = count <= Array.MaxLength ? (int)count : 0;
        return bytes > 0;
    }

    /// <summary>Writes the elements into <paramref name="destination"/>, which must have <see cref="ByteCount"/> bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, ByteCount, nameof(destination));
        _read(destination);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[ByteCount];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The same elements under another name.</summary>
    public WeightTensor Renamed(string name) => new(name, Type, Shape.AsSpan(), _read) { Source = Source };

    public override string ToString() => $"{Name} {Description}";
}
