using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.OnnxExport.Nodes;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OnnxScoring;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.Applying;

/// <summary>A network of published weights, from normalised clips (and boxes, with a head) to probabilities or features: the twin of <see cref="PublishedNetwork"/>.</summary>
internal static class PublishedGraph
{
    /// <summary>Checks that an ONNX file of the network can be fed: only classifiers get motion boxes.</summary>
    /// <exception cref="MofoOptionsException">The network joins tokens by the motion box and has no head.</exception>
    public static void RequireInputs(PublishedShape shape)
    {
        if (shape.Classes == 0 && shape.Fusion.UsesMotionBoxes())
        {
            throw new MofoOptionsException(
                nameof(MofoModelOptions), [$"{nameof(MofoModelOptions.Fusion)} is {shape.Fusion} and the weights have no head; an ONNX file of features takes no motion boxes, so it must be {MotionFusion.None}."]);
        }
    }

    /// <summary>Writes the graph; the weights are read from the set when the file is written.</summary>
    public static OnnxGraph Write(PublishedShape shape, WeightSet weights, IProducts products)
    {
        var (graph, config) = (new OnnxGraph("mofo_published"), shape.Size);
        var writer = new NetworkWriter(graph, weights, products) { NormEpsilon = shape.NormEpsilon };
        var tokens = TokenNodes.Write(writer, config);
        var boxes = shape.Classes > 0 ? TokenNodes.Boxes(writer, config) : "";
        var features = Features(writer, shape, tokens, boxes);
        if (shape.Classes > 0)
        {
            HeadNodes.Write(writer, features, shape.Classes);
        }
        else
        {
            graph.Output(features, OnnxColumns.Features, DataType.Float, "batch", config.EmbedDim);
        }

        return graph;
    }

    private static string Features(NetworkWriter writer, PublishedShape shape, string tokens, string boxes)
    {
        var fusion = new ClassifierShape(Math.Max(shape.Classes, 1), shape.Fusion) { AsReleased = shape.ReleasedSoftAttention };
        return shape.Pooling switch
        {
            TokenPooling.NormThenMean => MeanNodes.OfAll(writer.Graph, writer.LayerNorm("norm", tokens)),
            TokenPooling.NormThenFirst => PoolingNodes.First(writer.Graph, writer.LayerNorm("norm", tokens)),
            TokenPooling.Mean => PoolingNodes.Write(writer, shape.Size, fusion, tokens, boxes),
            _ => writer.LayerNorm("fc_norm", PoolingNodes.Write(writer, shape.Size, fusion, tokens, boxes), shape.HeadNormEpsilon),
        };
    }
}
