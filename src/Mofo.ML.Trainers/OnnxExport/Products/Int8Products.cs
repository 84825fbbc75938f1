using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Products;

/// <summary>Dynamic quantisation: weights in int8 with a scale for every output, activations in uint8 with a scale computed again in every pass.</summary>
/// <remarks>
/// y = (xq - zero) Wq * (scale of x * scale of W) + b, with integer sums: the form that ONNX Runtime fuses into one operation. Products of two
/// activations (attention) stay in float32.
/// </remarks>
internal sealed class Int8Products : IProducts
{
    private const float Largest = 127;

    public DataType Activations => DataType.Float;

    public string Linear(OnnxGraph graph, LinearLayer layer, string input)
    {
        var quantized = graph.Nodes("DynamicQuantizeLinear", [input], 3); // uint8, scale, zero point
        var weight = graph.Weight(layer.Transposed(DataType.Int8, matrix => Quantize(matrix, layer.Inputs)));
        var scales = graph.Weight(new OnnxWeight(
            $"{layer.Name}.weight_scale", DataType.Float, [layer.Outputs], () => MemoryMarshal.AsBytes<float>(Scales(layer.Matrix(), layer.Inputs)).ToArray()));
        var sums = graph.Node("MatMulInteger", [quantized[0], weight, quantized[2]]);
        var product = graph.Node(
            "Mul", [graph.Node("Cast", [sums], [Attributes.Of("to", (long)DataType.Float)]), graph.Node("Mul", [quantized[1], scales])]);
        return layer.Bias is null ? product : graph.Node("Add", [product, graph.Weight(layer.BiasRow(DataType.Float, values => values))]);
    }

    /// <summary>[out,in] to whole numbers, each row by its own scale.</summary>
    internal static sbyte[] Quantize(float[] matrix, int inputs)
    {
        var scales = Scales(matrix, inputs);
        var quantized = new sbyte[matrix.Length];
        for (var i = 0; i < quantized.Length; i++)
        {
            quantized[i] = (sbyte)MathF.Round(matrix[i] / scales[i / inputs]);
        }

        return quantized;
    }

    /// <summary>One scale for each row: its largest value becomes 127.</summary>
    internal static float[] Scales(float[] matrix, int inputs)
    {
        var scales = new float[matrix.Length / inputs];
        for (var row = 0; row < scales.Length; row++)
        {
            var largest = TensorPrimitives.MaxMagnitude<float>(matrix.AsSpan(row * inputs, inputs));
            scales[row] = largest == 0 ? 1 : Math.Abs(largest) / Largest; // a row of zeros has no scale of its own
        }

        return scales;
    }
}
