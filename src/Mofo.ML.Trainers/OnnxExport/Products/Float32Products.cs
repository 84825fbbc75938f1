using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Products;

/// <summary>Everything in float32.</summary>
internal sealed class Float32Products : IProducts
{
    public DataType Activations => DataType.Float;

    public string Linear(OnnxGraph graph, LinearLayer layer, string input)
    {
        var product = graph.Node("MatMul", [input, graph.Weight(layer.Transposed(DataType.Float, values => values))]);
        return layer.Bias is null ? product : graph.Node("Add", [product, graph.Weight(layer.BiasRow(DataType.Float, values => values))]);
    }
}
