using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport.Nodes;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>The finetuned classifier from normalised clips and boxes to probabilities: the twin of <see cref="VideoClassifier"/>.</summary>
internal static class ClassifierGraph
{
    /// <summary>Writes the graph; the weights are read from the set when the file is written.</summary>
    /// <param name="config">Size of the network.</param>
    /// <param name="shape">Classes and fusion.</param>
    /// <param name="weights">The classifier's tensors under their own names.</param>
    /// <param name="products">Number type of the products.</param>
    public static OnnxGraph Write(VitConfig config, ClassifierShape shape, WeightSet weights, IProducts products)
    {
        var graph = new OnnxGraph("mofo_classifier");
        var writer = new NetworkWriter(graph, weights, products);
        var tokens = TokenNodes.Write(writer, config);
        var boxes = TokenNodes.Boxes(writer, config);
        var features = writer.LayerNorm("fc_norm", PoolingNodes.Write(writer, config, shape, tokens, boxes));
        HeadNodes.Write(writer, features, shape.Classes);
        return graph;
    }
}
