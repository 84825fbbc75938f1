using Mofo.ML.Trainers.Model.Fusion;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Means over parts of the tokens: the twin of <see cref="TokenMeans"/>.</summary>
internal static class MeanNodes
{
    /// <summary>Mean of all tokens. [B,N,C] to [B,C].</summary>
    public static string OfAll(OnnxGraph graph, string tokens) =>
        graph.Node("ReduceMean", [tokens, graph.Shape(1)], [Attributes.Of("keepdims", 0L)]);

    /// <summary>Mean of the tokens that take part; zeros where none does. [B,N,C], [B,N] bool to [B,C].</summary>
    public static string Over(NetworkWriter writer, string tokens, string part)
    {
        var graph = writer.Graph;
        var weights = writer.Cast(part, DataType.Float);
        var count = graph.Node("Max", [Sum(graph, weights), graph.Constant(1f)]);
        return WeightedSum(graph, tokens, graph.Node("Div", [weights, count]));
    }

    /// <summary>Sum of weight times token. [B,N,C], [B,N] to [B,C].</summary>
    public static string WeightedSum(OnnxGraph graph, string tokens, string weights)
    {
        var sum = graph.Node("MatMul", [graph.Node("Unsqueeze", [weights, graph.Shape(1)]), tokens]); // [B,1,C]
        return graph.Node("Squeeze", [sum, graph.Shape(1)]);
    }

    /// <summary>[B,N] to [B,1].</summary>
    public static string Sum(OnnxGraph graph, string values) =>
        graph.Node("ReduceSum", [values, graph.Shape(1)], [Attributes.Of("keepdims", 1L)]);

    /// <summary>Whether any token takes part. [B,N] bool to [B,1] bool.</summary>
    public static string Any(NetworkWriter writer, string part) =>
        writer.Graph.Node("Greater", [Sum(writer.Graph, writer.Cast(part, DataType.Float)), writer.Graph.Constant(0f)]);
}
