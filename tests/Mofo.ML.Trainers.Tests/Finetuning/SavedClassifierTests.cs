using Microsoft.ML;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Finetuning;

/// <summary>Classifiers of every fusion through ML.NET's model file, and as starting weights of one another.</summary>
public sealed class SavedClassifierTests : IDisposable
{
    private static readonly VideoInputs Inputs = new("VideoPath", "MotionBoxes");
    private static readonly string[] Classes = ["a", "b", "c"];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-classifier-");
    private readonly MLContext _ml = new(1);

    public static TheoryData<MotionFusion> Fusions => [.. Enum.GetValues<MotionFusion>()];

    private string ModelPath => Path.Combine(_folder.FullName, "model.zip");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void A_loaded_classifier_scores_as_the_saved_one(MotionFusion fusion)
    {
        using var saved = Save(fusion);
        using var loaded = (MofoClassificationTransformer)new MLContext(2).Model.Load(ModelPath, out _);
        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(2).Seen();
        var inside = TokenRegions.Inside(TinyModels.Config, [TinyModels.Boxes()[0], TinyModels.Boxes()[3]], CPU);
        Assert.Equal(GoldenModels.Values(saved.Model.Features(pixels, inside)), GoldenModels.Values(loaded.Model.Features(pixels, inside)));
    }

    [Fact]
    public void Attentive_pooling_starts_fresh_from_weights_without_it_and_is_taken_from_those_with_it()
    {
        Save(MotionFusion.None).Dispose();
        var plain = MofoWeights.CheckForFinetuning(ModelPath, TinyModels.Config, Classes.Length, MotionFusion.AttentivePooling);
        Assert.True(plain.IsComplete);
        Assert.Contains("attentive_pool.query", plain.LeftAtInitialValues);
        Assert.Contains("attentive_pool.block.attn.kv.weight", plain.LeftAtInitialValues);

        Save(MotionFusion.AttentivePooling).Dispose();
        var same = MofoWeights.CheckForFinetuning(ModelPath, TinyModels.Config, Classes.Length, MotionFusion.AttentivePooling);
        Assert.Contains("attentive_pool.query", same.Loaded);
        Assert.Empty(same.LeftAtInitialValues);

        var without = MofoWeights.CheckForFinetuning(ModelPath, TinyModels.Config, Classes.Length, MotionFusion.None);
        Assert.True(without.IsComplete);
        Assert.Contains("attentive_pool.query", without.Ignored);
    }

    [Fact]
    public void A_classifier_with_attentive_pooling_becomes_an_ONNX_file_without_training()
    {
        Save(MotionFusion.AttentivePooling).Dispose();
        var options = new MofoFinetuningOptions { Model = TinyModels.Config, Fusion = MotionFusion.AttentivePooling };
        var onnx = Path.Combine(_folder.FullName, "model.onnx");
        Assert.True(MofoWeights.ConvertClassifierToOnnx(ModelPath, onnx, options, Classes).IsComplete);
        Assert.True(new FileInfo(onnx).Length > 10_000);

        // The query has no place in a classifier that pools otherwise: its weights are missing there.
        options.Fusion = MotionFusion.MultiHeadCrossAttention;
        Assert.Throws<WeightMismatchException>(() => MofoWeights.ConvertClassifierToOnnx(ModelPath, onnx, options, Classes));
    }

    [Fact]
    public void A_pipeline_without_weights_of_torch_is_a_saved_model_too()
    {
        Save(MotionFusion.None).Dispose();
        var onnx = Path.Combine(_folder.FullName, "model.onnx");
        _ = MofoWeights.ConvertClassifierToOnnx(ModelPath, onnx, new MofoFinetuningOptions { Model = TinyModels.Config, Fusion = MotionFusion.None }, Classes);
        var view = _ml.Data.LoadFromEnumerable(new[] { new Row("v.mp4", [0, 0, 1, 1]) });
        var detector = _ml.Transforms.DetectMotion();
        foreach (var stages in new IEstimator<ITransformer>[] { detector, detector.Append(_ml.Transforms.ApplyMofoOnnxModel(onnx)) })
        {
            _ml.Model.Save(stages.Fit(view), view.Schema, ModelPath);
            Assert.True(MofoWeights.IsSavedModel(ModelPath));
            Assert.Contains("a saved model without weights", Assert.Throws<WeightFileException>(() => MofoWeights.Convert(ModelPath, Path.Combine(_folder.FullName, "w.safetensors"))).Message, StringComparison.Ordinal);
        }
    }

    private MofoClassificationTransformer Save(MotionFusion fusion)
    {
        var options = new MofoFinetuningOptions { Model = TinyModels.Config, Fusion = fusion, Precision = Precision.Float32 };
        var classifier = new MofoClassificationTransformer(_ml, Inputs, new ClassNames("String", Classes), options, TinyModels.Classifier(fusion), CPU);
        var schema = _ml.Data.LoadFromEnumerable(new[] { new Row("v.mp4", [0, 0, 1, 1]) }).Schema;
        _ml.Model.Save(classifier, schema, ModelPath);
        return classifier;
    }

    private sealed record Row(string VideoPath, float[] MotionBoxes);
}
