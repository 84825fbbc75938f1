using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Tokens to one vector: the twins of the classes in <c>Model/Fusion</c>, for whole batches, without a branch.</summary>
internal static class FusionNodes
{
    /// <summary>[B,N,C], [B,N] bool to [B,C]. A clip with nothing inside gives the mean of its tokens.</summary>
    public static string Write(NetworkWriter writer, ClassifierShape classifier, BlockShape shape, string tokens, string inside)
    {
        var graph = writer.Graph;
        var outside = graph.Node("Not", [inside]);
        var fused = classifier.Fusion switch
        {
            MotionFusion.WeightedMean => WeightedMean(writer, tokens, inside, outside),
            MotionFusion.SoftAttention when classifier.AsReleased => graph.Node(
                "Add", [MeanNodes.Over(writer, tokens, inside), MeanNodes.Over(writer, tokens, outside)]), // its scores cancel
            MotionFusion.SoftAttention => graph.Node(
                "Add", [SoftAttention(writer, "soft_att_local", tokens, inside), SoftAttention(writer, "soft_att_global", tokens, outside)]),
            MotionFusion.MultiHeadCrossAttention => CrossAttention(writer, shape, tokens, inside, outside),
            _ => throw new ArgumentOutOfRangeException(nameof(classifier), classifier.Fusion, $"The fusion {classifier.Fusion} has no nodes."),
        };
        return graph.Node("Where", [MeanNodes.Any(writer, inside), fused, MeanNodes.OfAll(graph, tokens)], named: "fused");
    }

    /// <summary>As <see cref="WeightedMeanFusion"/>.</summary>
    private static string WeightedMean(NetworkWriter writer, string tokens, string inside, string outside)
    {
        var graph = writer.Graph;
        var meanInside = MeanNodes.Over(writer, tokens, inside);
        var half = graph.Node("Mul", [MeanNodes.Over(writer, tokens, outside), graph.Constant(0.5f)]);
        var mixed = graph.Node("Mul", [graph.Node("Add", [meanInside, half]), graph.Constant(0.5f)]);
        return graph.Node("Where", [MeanNodes.Any(writer, outside), mixed, meanInside]);
    }

    /// <summary>As <see cref="SoftAttentionPool"/>.</summary>
    private static string SoftAttention(NetworkWriter writer, string name, string tokens, string part)
    {
        var graph = writer.Graph;
        var raw = graph.Node("Add", [graph.Node("MatMul", [tokens, writer.Weight($"{name}.weight")]), writer.Weight($"{name}.b")]);
        var scores = graph.Node("Squeeze", [graph.Node("Tanh", [raw]), graph.Shape(2)]); // [B,N]
        var raised = graph.Node("Mul", [graph.Node("Exp", [scores]), writer.Cast(part, DataType.Float)]);
        var total = graph.Node("Max", [MeanNodes.Sum(graph, raised), graph.Constant(1e-6f)]);
        return MeanNodes.WeightedSum(graph, tokens, graph.Node("Div", [raised, total]));
    }

    /// <summary>As <see cref="CrossAttentionFusion"/>: every token asks, only those inside are averaged; those outside answer, or all where there are none.</summary>
    private static string CrossAttention(NetworkWriter writer, BlockShape shape, string tokens, string inside, string outside)
    {
        var graph = writer.Graph;
        var isFull = graph.Node("Not", [MeanNodes.Any(writer, outside)]); // [B,1]
        var answers = graph.Node("Or", [outside, isFull]); // [B,N]
        var mask = graph.Node("Unsqueeze", [answers, graph.Shape(1, 2)]); // [B,1,1,N]
        var attended = BlockNodes.WriteCross(writer, "local_MCA.0", shape, tokens, tokens, mask);
        return MeanNodes.Over(writer, attended, inside);
    }
}
