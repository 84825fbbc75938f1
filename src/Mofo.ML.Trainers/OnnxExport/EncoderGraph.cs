using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport.Nodes;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.OnnxScoring;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>The pretrained encoder from normalised clips to one embedding each, the mean over its tokens: the twin of <see cref="VideoEncoder"/>.</summary>
internal static class EncoderGraph
{
    /// <summary>Writes the graph; the weights are read from the set when the file is written.</summary>
    public static OnnxGraph Write(VitConfig config, WeightSet weights, IProducts products)
    {
        var graph = new OnnxGraph("mofo_encoder");
        var writer = new NetworkWriter(graph, weights, products);
        var tokens = TokenNodes.Write(writer, config);
        graph.Output(MeanNodes.OfAll(graph, writer.LayerNorm("norm", tokens)), OnnxColumns.Features, DataType.Float, "batch", config.EmbedDim);
        return graph;
    }
}
