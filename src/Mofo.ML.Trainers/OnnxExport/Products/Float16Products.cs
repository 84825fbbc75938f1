using System.Numerics.Tensors;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Products;

/// <summary>Weights and activations of the products in float16.</summary>
internal sealed class Float16Products : IProducts
{
    public DataType Activations => DataType.Float16;

    public string Linear(OnnxGraph graph, LinearLayer layer, string input)
    {
        var product = graph.Node("MatMul", [input, graph.Weight(layer.Transposed(DataType.Float16, values => Halves(layer, values)))]);
        return layer.Bias is null ? product : graph.Node("Add", [product, graph.Weight(layer.BiasRow(DataType.Float16, values => Halves(layer, values)))]);
    }

    private static Half[] Halves(LinearLayer layer, float[] values)
    {
        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        return Array.TrueForAll(halves, Half.IsFinite)
            ? halves
            : throw new InvalidOperationException($"The layer '{layer.Name}' has values above 65504, which float16 cannot hold; export it in float32.");
    }
}
