using Mofo.ML.Trainers.Applying;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>From a model in memory to an ONNX file.</summary>
internal static class OnnxExporter
{
    /// <summary>Exports a classifier.</summary>
    public static void Save(string path, VideoClassifier model, VitConfig config, ClassifierShape shape, ScoringViews views, ClassNames classes, MofoOnnxExportOptions? options)
    {
        var settings = Checked(path, options);
        using var weights = ModuleWeights.Export(model, "the classifier");
        var graph = ClassifierGraph.Write(config, shape, weights, ProductsOf(settings.Precision));
        OnnxFile.Write(path, graph, new OnnxModelFacts(views, classes) { Precision = $"{settings.Precision}", Detection = settings.Detection }.ToMetadata(), settings.SingleFileLimit);
    }

    /// <summary>Exports an encoder.</summary>
    public static void Save(string path, VideoEncoder model, VitConfig config, ScoringViews views, MofoOnnxExportOptions? options)
    {
        var settings = Checked(path, options);
        using var weights = ModuleWeights.Export(model, "the encoder");
        var graph = EncoderGraph.Write(config, weights, ProductsOf(settings.Precision));
        OnnxFile.Write(path, graph, new OnnxModelFacts(views, null) { Precision = $"{settings.Precision}", Detection = settings.Detection }.ToMetadata(), settings.SingleFileLimit);
    }

    /// <summary>Exports a network of published weights.</summary>
    public static void Save(string path, PublishedNetwork model, PublishedPlan plan, MofoOnnxExportOptions? options)
    {
        var settings = Checked(path, options);
        using var weights = ModuleWeights.Export(model, "the network");
        var graph = PublishedGraph.Write(plan.Shape, weights, ProductsOf(settings.Precision));
        OnnxFile.Write(path, graph, new OnnxModelFacts(plan.Views, plan.Classes) { Precision = $"{settings.Precision}", Detection = settings.Detection }.ToMetadata(), settings.SingleFileLimit);
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
