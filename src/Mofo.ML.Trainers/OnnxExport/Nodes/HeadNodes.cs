using Mofo.ML.Transforms.OnnxScoring;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Features to class probabilities, the output of a classifier.</summary>
internal static class HeadNodes
{
    /// <summary>[B,C] to [B,K].</summary>
    public static void Write(NetworkWriter writer, string features, int classes)
    {
        var graph = writer.Graph;
        var scores = graph.Node("Softmax", [writer.ExactLinear("head", features)], [Attributes.Of("axis", -1)]);
        graph.Output(scores, OnnxColumns.Scores, DataType.Float, "batch", classes);
    }
}
