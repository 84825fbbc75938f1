using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.OnnxExport.Nodes;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms.OnnxScoring;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.Applying;

/// <summary>A network of published weights, from normalised clips (and boxes, with a head) to probabilities or features: the twin of <see cref="PublishedNetwork"/>.</summary>
internal static class PublishedGraph
{
    /// <summary>Writes the graph; the weights are read from the set when the file is written.</summary>
    public static OnnxGraph Write(PublishedShape shape, WeightSet weights, IProducts products)
    {
        var (graph, config) = (new OnnxGraph("mofo_published"), shape.Size);
        var writer = new NetworkWriter(graph, weights, products) { NormEpsilon = shape.NormEpsilon };
        var clips = graph.Input(OnnxColumns.Clips, DataType.Float, "batch", 3, config.Frames, config.ImageSize, config.ImageSize);
        var tokens = BlockNodes.WriteAll(writer, config, EmbeddingNodes.Write(writer, config, InputNodes.Write(graph, config.Input, clips)));
        var boxes = shape.Classes > 0 ? graph.Input(OnnxColumns.Boxes, DataType.Float, "batch", config.Frames, 4) : "";
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
