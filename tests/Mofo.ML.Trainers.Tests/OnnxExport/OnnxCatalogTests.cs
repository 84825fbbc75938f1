using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.OnnxExport;

/// <summary>The public ways to an ONNX file.</summary>
public sealed class OnnxCatalogTests : IDisposable
{
    private static readonly VideoInputs Inputs = new("VideoPath", "MotionBoxes");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly MLContext _context = new(1);
    private readonly ExportedModel _file = new();

    public void Dispose()
    {
        _file.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void A_classifier_of_a_chain_says_in_its_file_how_to_feed_it()
    {
        using var classifier = Classifier();
        using var encoder = Encoder();
        _context.Model.ConvertMofoToOnnx(new TransformerChain<ITransformer>(new TransformerChain<ITransformer>(encoder), classifier), _file.Path);
        var model = _file.Read();
        Assert.Equal((9, 20), (model.IrVersion, model.OpsetImport.Single().Version));
        using var session = new InferenceSession(_file.Path);
        Assert.Equal([-1, 3, 8, 32, 32], session.InputMetadata[OnnxColumns.Clips].Dimensions);
        Assert.Equal([-1, 8, 4], session.InputMetadata[OnnxColumns.Boxes].Dimensions);
        Assert.Equal([-1, 3], session.OutputMetadata[OnnxColumns.Scores].Dimensions);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("classifier", metadata["mofo.kind"]);
        Assert.Equal(["läuft", "b \"c\"", "d"], JsonSerializer.Deserialize<string[]>(metadata["mofo.classes"])!);
        Assert.Equal([0.485f, 0.456f, 0.406f], JsonSerializer.Deserialize<float[]>(metadata["mofo.mean"])!);
        Assert.Equal(
            ["8", "32", "Dense", "4", "5", "3"],
            new[] { "frames", "image_size", "sampling", "frame_stride", "test_segments", "test_crops" }.Select(key => metadata["mofo." + key]));

        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(4);
        var expected = classifier.Model.call(pixels.Seen(), TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU)).softmax(-1);
        var scores = _file.Run(OnnxColumns.Scores, pixels, ExportedModel.Flat(TinyModels.Config, TinyModels.Boxes()));
        Assert.InRange(GoldenModels.LargestGap(GoldenModels.Values(expected), scores), 0, 1e-5);
    }

    [Fact]
    public void Soft_attention_as_released_is_exported_as_released()
    {
        using var classifier = Classifier(MotionFusion.SoftAttention, asReleased: true);
        classifier.SaveAsOnnx(_file.Path);
        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(4);
        var expected = classifier.Model.call(pixels.Seen(), TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU)).softmax(-1);
        var scores = _file.Run(OnnxColumns.Scores, pixels, ExportedModel.Flat(TinyModels.Config, TinyModels.Boxes()));
        Assert.InRange(GoldenModels.LargestGap(GoldenModels.Values(expected), scores), 0, 1e-5);
    }

    [Fact]
    public void A_pretrained_model_gives_its_encoder()
    {
        using var encoder = Encoder();
        _context.Model.ConvertMofoToOnnx(encoder, _file.Path);
        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(3);
        var expected = GoldenModels.Values(encoder.Model.Encoder.call(pixels.Seen(), null).mean([1]));
        Assert.InRange(GoldenModels.LargestGap(expected, _file.Run(OnnxColumns.Features, pixels)), 0, 1e-5);
    }

    [Fact]
    public void Other_pipelines_and_wrong_options_are_refused()
    {
        var other = new TransformerChain<ITransformer>();
        Assert.Throws<ArgumentException>(() => _context.Model.ConvertMofoToOnnx(other, _file.Path));
        using var encoder = Encoder();
        var error = Assert.Throws<MofoOptionsException>(() => encoder.SaveAsOnnx(_file.Path, new MofoOnnxExportOptions { SingleFileLimit = -1, Precision = (MofoOnnxPrecision)9 }));
        Assert.Equal(2, error.Problems.Count);
        Assert.False(File.Exists(_file.Path));
    }

    private MofoClassificationTransformer Classifier(MotionFusion fusion = MotionFusion.MultiHeadCrossAttention, bool asReleased = false)
    {
        var options = new MofoFinetuningOptions
        {
            Model = TinyModels.Config,
            Fusion = fusion,
            ReleasedSoftAttention = asReleased,
            Sampling = ClipSampling.Dense,
            FrameStride = 4,
            TestSegments = 5,
            TestCrops = 3,
        };
        var model = asReleased
            ? new VideoClassifier(TinyModels.Config, new ClassifierShape(3, fusion) { AsReleased = true, HeadScale = 1 }, new Generator(5))
            : TinyModels.Classifier(fusion);
        return new MofoClassificationTransformer(_context, Inputs, new("String", ["läuft", "b \"c\"", "d"]), options, model, CPU);
    }

    private MofoPretrainedTransformer Encoder() => new(
        _context, "Features", Inputs, new MofoPretrainingOptions { Model = TinyModels.Config }, new MaskedAutoencoder(TinyModels.Config, new Generator(3)), CPU);
}
