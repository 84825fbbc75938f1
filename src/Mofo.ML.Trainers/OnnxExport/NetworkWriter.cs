using System.Runtime.InteropServices;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.Weights;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>The layers that all parts of the network are made of, written as nodes with the weights of the model.</summary>
/// <param name="graph">Where nodes go.</param>
/// <param name="weights">The model's tensors under their own names.</param>
/// <param name="products">How the matrix products of the blocks are written.</param>
internal sealed class NetworkWriter(OnnxGraph graph, WeightSet weights, IProducts products)
{
    private static readonly Float32Products Exact = new();

    public OnnxGraph Graph => graph;

    /// <summary>Added to the variance by the norms of the blocks.</summary>
    public double NormEpsilon { get; init; } = BlockShape.NormEpsilon;

    /// <summary>A weight of the model as it is, in float32, optionally reshaped.</summary>
    public string Weight(string name, params long[] shape)
    {
        var tensor = weights[name];
        return graph.Weight(new OnnxWeight(name, DataType.Float, shape.Length > 0 ? shape : [.. tensor.Shape], tensor.ToArray));
    }

    public string LayerNorm(string name, string input) => LayerNorm(name, input, NormEpsilon);

    public string LayerNorm(string name, string input, double epsilon) => graph.Node(
        "LayerNormalization",
        [input, Weight($"{name}.weight"), Weight($"{name}.bias")],
        [Attributes.Of("axis", -1), Attributes.Of("epsilon", (float)epsilon)]);

    /// <summary>A linear layer of a block, in the type of the products.</summary>
    /// <param name="name">Layer whose weight is taken.</param>
    /// <param name="input">[B,N,in] in the type of the products.</param>
    /// <param name="bias">The bias, given as its parts one after the other; null stands for zeros.</param>
    public string Linear(string name, string input, params string?[] bias) => products.Linear(graph, Layer(name, bias), input);

    /// <summary>A linear layer with its own bias.</summary>
    public string Linear(string name, string input) => Linear(name, input, $"{name}.bias");

    /// <summary>A linear layer that stays in float32 whatever the products run in: the embedding of pixels and the head.</summary>
    public string ExactLinear(string name, string input) => Exact.Linear(graph, Layer(name, [$"{name}.bias"]), input);

    /// <summary>float32 to the type of the products.</summary>
    public string Enter(string value) => products.Activations == DataType.Float ? value : Cast(value, products.Activations);

    /// <summary>The type of the products back to float32.</summary>
    public string Leave(string value) => products.Activations == DataType.Float ? value : Cast(value, DataType.Float);

    /// <summary>A number in the type of the products.</summary>
    public string Constant(float value) => products.Activations == DataType.Float16 ? graph.Constant((Half)value) : graph.Constant(value);

    public string Cast(string value, DataType type) => graph.Node("Cast", [value], [Attributes.Of("to", (long)type)]);

    private LinearLayer Layer(string name, string?[] bias)
    {
        var matrix = weights[$"{name}.weight"];
        var outputs = checked((int)matrix.Shape[0]);
        return new LinearLayer(name, outputs, matrix.ElementCount / outputs, () => Values(matrix), bias.Length == 0 ? null : () => Bias(outputs, bias));
    }

    private float[] Bias(int outputs, string?[] parts)
    {
        var bias = new float[outputs];
        var each = outputs / parts.Length;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is { } name)
            {
                Values(weights[name]).CopyTo(bias, i * each);
            }
        }

        return bias;
    }

    private static float[] Values(WeightTensor tensor)
    {
        var values = MemoryMarshal.Cast<byte, float>(tensor.ToArray()).ToArray();
        return Array.TrueForAll(values, float.IsFinite)
            ? values
            : throw new InvalidOperationException($"The weight '{tensor.Name}' has values that are not finite; such a model cannot be exported.");
    }
}
