using Mofo.ML.Trainers.Model.Layers;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Multi-head attention: the twin of <see cref="SelfAttention"/>, <see cref="CrossAttention"/> and <see cref="ScaledDotProduct"/>.</summary>
internal static class AttentionNodes
{
    /// <summary>[B,N,C] to [B,N,C], in the type of the products.</summary>
    public static string Self(NetworkWriter writer, string name, BlockShape shape, string tokens)
    {
        var joined = writer.Linear($"{name}.qkv", tokens, $"{name}.q_bias", null, $"{name}.v_bias");
        var parts = writer.Graph.Nodes("Split", [joined], 3, [Attributes.Of("axis", -1), Attributes.Of("num_outputs", 3L)]);
        return writer.Linear($"{name}.proj", Attend(writer, shape, parts[0], parts[1], parts[2], null));
    }

    /// <summary>Queries [B,Nq,C] to context [B,Nk,C]; the mask [B,1,1,Nk] says which context tokens take part, at least one of each sample; null for all.</summary>
    public static string Cross(NetworkWriter writer, string name, BlockShape shape, string queries, string context, string? mask)
    {
        var q = writer.Linear($"{name}.q", queries, $"{name}.q_bias");
        var joined = writer.Linear($"{name}.kv", context, null, $"{name}.v_bias");
        var parts = writer.Graph.Nodes("Split", [joined], 2, [Attributes.Of("axis", -1), Attributes.Of("num_outputs", 2L)]);
        return writer.Linear($"{name}.proj", Attend(writer, shape, q, parts[0], parts[1], mask));
    }

    private static string Attend(NetworkWriter writer, BlockShape shape, string queries, string keys, string values, string? mask)
    {
        var graph = writer.Graph;
        var scale = writer.Constant((float)(1 / Math.Sqrt(shape.Width / shape.Heads)));
        var q = graph.Node("Mul", [Heads(queries, 0, 2, 1, 3), scale]); // [B,h,N,d]
        var scores = graph.Node("MatMul", [q, Heads(keys, 0, 2, 3, 1)]); // [B,h,Nq,Nk]
        if (mask is not null)
        {
            scores = graph.Node("Where", [mask, scores, writer.Constant(float.NegativeInfinity)]);
        }

        var weights = graph.Node("Softmax", [scores], [Attributes.Of("axis", -1)]);
        var mixed = graph.Node("MatMul", [weights, Heads(values, 0, 2, 1, 3)]);
        var together = graph.Node("Transpose", [mixed], [Attributes.Of("perm", 0, 2, 1, 3)]);
        return graph.Node("Reshape", [together, graph.Shape(0, 0, shape.Width)]); // [B,Nq,C]

        string Heads(string tokens, params long[] order)
        {
            var split = graph.Node("Reshape", [tokens, graph.Shape(0, 0, shape.Heads, shape.Width / shape.Heads)]);
            return graph.Node("Transpose", [split], [Attributes.Of("perm", order)]);
        }
    }
}
