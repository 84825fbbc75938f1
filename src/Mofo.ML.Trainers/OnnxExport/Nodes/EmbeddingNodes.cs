using System.Runtime.InteropServices;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Model.Layers;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Seen values to tokens, positions added: the twin of <see cref="TubeletEmbedding"/> and <see cref="TokenRows"/>.</summary>
internal static class EmbeddingNodes
{
    /// <summary>[B,3,T,H,W] to [B,N,C].</summary>
    public static string Write(NetworkWriter writer, VitConfig config, string seen)
    {
        var graph = writer.Graph;
        long side = config.ImageSize / config.PatchSize;
        var split = graph.Node("Reshape", [seen, graph.Shape(-1, 3, config.TimeSlices, config.TubeletSize, side, config.PatchSize, side, config.PatchSize)]);
        var cells = graph.Node("Transpose", [split], [Attributes.Of("perm", 0, 2, 4, 6, 1, 3, 5, 7)]); // [B,t,h,w,3,f,y,x]
        var rows = graph.Node("Reshape", [cells, graph.Shape(-1, config.Tokens, config.PixelsPerToken)]); // [B,N,P]
        var positions = config.Positions == TokenPositions.Stored ? writer.Weight(TokenRows.Buffer) : graph.Weight(new OnnxWeight(
            "positions", DataType.Float, [1, config.Tokens, config.EmbedDim],
            () => MemoryMarshal.AsBytes<float>(SinusoidPositions.Values(config.TrainedTokenGrid, config.TokenGrid, config.EmbedDim, config.Positions)).ToArray()));
        return graph.Node("Add", [writer.ExactLinear("patch_embed.proj", rows), positions], named: "tokens");
    }
}
