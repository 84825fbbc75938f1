using Mofo.ML.Trainers.Model.Layers;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Transformer blocks: the twins of <see cref="TransformerBlock"/>, <see cref="CrossBlock"/> and <see cref="Mlp"/>.</summary>
internal static class BlockNodes
{
    /// <summary>All blocks of an encoder; the output of block i is called <c>blocks.i</c>. [B,N,C] to [B,N,C].</summary>
    public static string WriteAll(NetworkWriter writer, VitConfig config, string tokens)
    {
        var shape = new BlockShape(config.EmbedDim, config.Heads, config.MlpRatio);
        for (var block = 0; block < config.Depth; block++)
        {
            tokens = Write(writer, Invariant($"blocks.{block}"), shape, tokens);
        }

        return tokens;
    }

    /// <summary>Queries that attend to other tokens; one norm serves both.</summary>
    public static string WriteCross(NetworkWriter writer, string name, BlockShape shape, string queries, string context, string? mask)
    {
        var q = writer.Enter(writer.LayerNorm($"{name}.norm1", queries));
        var c = queries == context ? q : writer.Enter(writer.LayerNorm($"{name}.norm1", context));
        var attended = writer.Graph.Node("Add", [queries, writer.Leave(AttentionNodes.Cross(writer, $"{name}.attn", shape, q, c, mask))]);
        return AddMlp(writer, name, attended);
    }

    private static string Write(NetworkWriter writer, string name, BlockShape shape, string tokens)
    {
        var normed = writer.Enter(writer.LayerNorm($"{name}.norm1", tokens));
        var attended = writer.Graph.Node("Add", [tokens, writer.Leave(AttentionNodes.Self(writer, $"{name}.attn", shape, normed))]);
        return AddMlp(writer, name, attended);
    }

    private static string AddMlp(NetworkWriter writer, string name, string tokens)
    {
        var wide = writer.Linear($"{name}.mlp.fc1", writer.Enter(writer.LayerNorm($"{name}.norm2", tokens)));
        var bent = writer.Graph.Node("Gelu", [wide]); // exact, as is the operator's default
        return writer.Graph.Node("Add", [tokens, writer.Leave(writer.Linear($"{name}.mlp.fc2", bent))], named: name);
    }
}
