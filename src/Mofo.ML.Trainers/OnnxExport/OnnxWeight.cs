using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>A constant tensor of a graph. Its bytes are made when the file is written, one tensor at a time.</summary>
/// <param name="Name">Unique in its graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions; empty for a single value.</param>
/// <param name="Bytes">Little-endian elements, row-major.</param>
internal sealed record OnnxWeight(string Name, DataType Type, IReadOnlyList<long> Shape, Func<byte[]> Bytes)
{
    /// <summary>Size in bytes, without making them.</summary>
    public long ByteCount => Shape.Aggregate(1L, (count, size) => count * size) * Type switch
    {
        DataType.Float => sizeof(float),
        DataType.Int64 => sizeof(long),
        DataType.Float16 => 2,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 1,
        _ => throw new NotSupportedException($"Weights of type {Type} are not written."),
    };
}
