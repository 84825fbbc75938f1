using Mofo.ML.Trainers.Model;
using Mofo.ML.Transforms.OnnxScoring;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>The inputs of every network, and its encoder up to the last block.</summary>
internal static class TokenNodes
{
    /// <summary>Normalised clips, the graph's input [B,3,T,H,W], to tokens [B,N,C].</summary>
    public static string Write(NetworkWriter writer, VitConfig config)
    {
        var clips = writer.Graph.Input(OnnxColumns.Clips, DataType.Float, "batch", 3, config.Frames, config.ImageSize, config.ImageSize);
        return BlockNodes.WriteAll(writer, config, EmbeddingNodes.Write(writer, config, InputNodes.Write(writer.Graph, config.Input, clips)));
    }

    /// <summary>Motion boxes of the frames, the graph's second input [B,T,4].</summary>
    public static string Boxes(NetworkWriter writer, VitConfig config) => writer.Graph.Input(OnnxColumns.Boxes, DataType.Float, "batch", config.Frames, 4);
}
