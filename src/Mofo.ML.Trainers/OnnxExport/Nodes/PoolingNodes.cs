using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Tokens to one vector: the twin of the poolings that <see cref="VideoClassifier.Build"/> makes.</summary>
internal static class PoolingNodes
{
    /// <summary>[B,N,C] and boxes [B,T,4] to [B,C].</summary>
    public static string Write(NetworkWriter writer, VitConfig config, ClassifierShape shape, string tokens, string boxes) => shape.Fusion switch
    {
        MotionFusion.None => MeanNodes.OfAll(writer.Graph, tokens),
        MotionFusion.AttentivePooling => Attentive(writer, VideoClassifier.FusionShape(config), tokens),
        _ => FusionNodes.Write(writer, shape, VideoClassifier.FusionShape(config), tokens, RegionNodes.Inside(writer, config, boxes)),
    };

    /// <summary>[B,N,C] to [B,C]. The one query, [1,1,C], serves all clips: products and sums repeat it.</summary>
    private static string Attentive(NetworkWriter writer, BlockShape shape, string tokens)
    {
        var query = writer.Weight($"{AttentivePooling.Name}.query");
        var answer = BlockNodes.WriteCross(writer, $"{AttentivePooling.Name}.block", shape, query, tokens, mask: null); // [B,1,C]
        return writer.Graph.Node("Squeeze", [answer, writer.Graph.Shape(1)], named: "pooled");
    }

    /// <summary>The first token. [B,N,C] to [B,C].</summary>
    public static string First(OnnxGraph graph, string tokens)
    {
        var first = graph.Node("Gather", [tokens, graph.Shape(0)], [Attributes.Of("axis", 1)]); // [B,1,C]
        return graph.Node("Squeeze", [first, graph.Shape(1)]);
    }
}
