using System.Runtime.InteropServices;
using Mofo.ML.Trainers.Model.Layers;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Pixels to tokens, positions added: the twin of <see cref="TubeletEmbedding"/> and <see cref="TokenRows"/>.</summary>
internal static class EmbeddingNodes
{
    /// <summary>[B,3,T,H,W] to [B,N,C].</summary>
    public static string Write(NetworkWriter writer, VitConfig config, string pixels)
    {
        var graph = writer.Graph;
        long side = config.ImageSize / config.PatchSize;
        var seen = config.Input == ClipInput.Changes ? Changes(graph, pixels) : pixels;
        var split = graph.Node("Reshape", [seen, graph.Shape(-1, 3, config.TimeSlices, config.TubeletSize, side, config.PatchSize, side, config.PatchSize)]);
        var cells = graph.Node("Transpose", [split], [Attributes.Of("perm", 0, 2, 4, 6, 1, 3, 5, 7)]); // [B,t,h,w,3,f,y,x]
        var rows = graph.Node("Reshape", [cells, graph.Shape(-1, config.Tokens, config.PixelsPerToken)]); // [B,N,P]
        var positions = config.Positions == TokenPositions.Stored ? writer.Weight(TokenRows.Buffer) : graph.Weight(new OnnxWeight(
            "positions", DataType.Float, [1, config.Tokens, config.EmbedDim],
            () => MemoryMarshal.AsBytes<float>(SinusoidPositions.Values(config.TrainedTokenGrid, config.TokenGrid, config.EmbedDim, config.Positions)).ToArray()));
        return graph.Node("Add", [writer.ExactLinear("patch_embed.proj", rows), positions], named: "tokens");
    }

    /// <summary>The twin of <see cref="ClipChanges"/>. [B,3,T,H,W] to [B,3,T,H,W].</summary>
    private static string Changes(OnnxGraph graph, string pixels)
    {
        var rest = graph.Node("Sub", [pixels, graph.Node("ReduceMean", [pixels, graph.Shape(2)])]);
        var power = graph.Node("ReduceMean", [graph.Node("Mul", [rest, rest]), graph.Shape(1, 2, 3, 4)]);
        var strength = graph.Node("Add", [graph.Node("Sqrt", [power]), graph.Constant((float)ClipChanges.Floor)]);
        return graph.Node("Div", [rest, strength]);
    }
}
