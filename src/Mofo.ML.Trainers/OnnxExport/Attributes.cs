using Mofo.ML.Trainers.OnnxExport.Schema;
using static Mofo.ML.Trainers.OnnxExport.Schema.AttributeProto.Types;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>Attributes of ONNX nodes.</summary>
internal static class Attributes
{
    public static AttributeProto Of(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Of(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Of(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values.ToArray());
        return attribute;
    }
}
