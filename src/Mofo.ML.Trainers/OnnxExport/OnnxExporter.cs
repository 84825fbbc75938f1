using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>From a model in memory to an ONNX file.</summary>
internal static class OnnxExporter
{
    /// <summary>Exports a classifier.</summary>
    public static void Save(string path, VideoClassifier model, VitConfig config, ClassifierShape shape, ScoringViews views, ClassNames classes, MofoOnnxExportOptions? options) =>
        Save(path, model, "the classifier", (weights, products) => ClassifierGraph.Write(config, shape, weights, products), new OnnxModelFacts(views, classes), options);

    /// <summary>Exports an encoder.</summary>
    public static void Save(string path, VideoEncoder model, VitConfig config, ScoringViews views, MofoOnnxExportOptions? options) =>
        Save(path, model, "the encoder", (weights, products) => EncoderGraph.Write(config, weights, products), new OnnxModelFacts(views, null), options);

    /// <summary>Exports a network.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="model">The network.</param>
    /// <param name="origin">What to call it in messages.</param>
    /// <param name="graph">From its weights to its graph.</param>
    /// <param name="facts">How clips are cut and normalised, and the classes.</param>
    /// <param name="options">Number type and size of files; null for the defaults.</param>
    public static void Save(string path, nn.Module model, string origin, Func<WeightSet, IProducts, OnnxGraph> graph, OnnxModelFacts facts, MofoOnnxExportOptions? options)
    {
        var settings = Checked(path, options);
        using var weights = ModuleWeights.Export(model, origin);
        OnnxFile.Write(path, graph(weights, ProductsOf(settings.Precision)), (facts with { Precision = $"{settings.Precision}", Detection = settings.Detection }).ToMetadata(), settings.SingleFileLimit);
    }

    private static MofoOnnxExportOptions Checked(string path, MofoOnnxExportOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var settings = options ?? new MofoOnnxExportOptions();
        settings.Validate();
        return settings;
    }

    private static IProducts ProductsOf(MofoOnnxPrecision precision) => precision switch
    {
        MofoOnnxPrecision.Float16 => new Float16Products(),
        MofoOnnxPrecision.Int8 => new Int8Products(),
        _ => new Float32Products(),
    };
}
