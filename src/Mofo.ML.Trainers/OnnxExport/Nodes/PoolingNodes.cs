using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Tokens to one vector without a motion box: the twin of <see cref="AttentivePooling"/>. The mean is <see cref="MeanNodes.OfAll"/>.</summary>
internal static class PoolingNodes
{
    /// <summary>[B,N,C] to [B,C]. The one query, [1,1,C], serves all clips: products and sums repeat it.</summary>
    public static string Attentive(NetworkWriter writer, BlockShape shape, string tokens)
    {
        var query = writer.Weight($"{AttentivePooling.Name}.query");
        var answer = BlockNodes.WriteCross(writer, $"{AttentivePooling.Name}.block", shape, query, tokens, mask: null); // [B,1,C]
        return writer.Graph.Node("Squeeze", [answer, writer.Graph.Shape(1)], named: "pooled");
    }
}
