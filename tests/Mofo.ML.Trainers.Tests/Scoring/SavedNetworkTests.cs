using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Scoring;

/// <summary>A network read from its file scores to the bit as the one that was saved, whatever the load prepares for the first pass.</summary>
public sealed class SavedNetworkTests
{
    [Theory]
    [InlineData(Precision.BFloat16, true)]
    [InlineData(Precision.BFloat16, false)]
    [InlineData(Precision.Float32, true)]
    public void A_loaded_network_scores_as_the_saved_one(Precision precision, bool scoresNext)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var saved = TinyModels.Classifier(MotionFusion.MultiHeadCrossAttention);
        saved.eval();
        ComputeTypes.Apply(saved, ComputeTypes.Choose(precision, CPU), CPU);
        var (pixels, inside) = (TinyModels.Pixels(2), ones([2, TinyModels.Config.Tokens], ScalarType.Bool));
        var expected = saved.call(SeenClips.Of(pixels, TinyModels.Config.Input), inside);

        using var file = new MemoryStream();
        Safetensors.Write(file, ModuleWeights.Export(saved, "the saved network"));
        file.Position = 0;
        using var loaded = new SavedNetwork(TinyModels.Config, HasDecoder: false, precision, CPU) { ScoresNext = scoresNext }.Read(
            file, "a test", () => new VideoClassifier(TinyModels.Config, new ClassifierShape(3, MotionFusion.MultiHeadCrossAttention), generator: null), model => model);
        EvaluationMode.Ensure(loaded);

        Assert.False(loaded.training);
        Assert.Equal(expected.data<float>().ToArray(), loaded.call(SeenClips.Of(pixels, TinyModels.Config.Input), inside).data<float>().ToArray());
    }

    [Fact]
    public void A_network_that_learns_after_it_was_loaded_does_not_keep_the_rounded_weights()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var saved = TinyModels.Classifier(MotionFusion.None);
        using var file = new MemoryStream();
        Safetensors.Write(file, ModuleWeights.Export(saved, "the saved network"));
        file.Position = 0;
        using var loaded = new SavedNetwork(TinyModels.Config, HasDecoder: false, Precision.BFloat16, CPU) { ScoresNext = true }.Read(
            file, "a test", () => new VideoClassifier(TinyModels.Config, new ClassifierShape(3, MotionFusion.None), generator: null), model => model);
        var clips = SeenClips.Of(TinyModels.Pixels(1), TinyModels.Config.Input);
        var before = loaded.call(clips, null).data<float>().ToArray();
        loaded.train();
        foreach (var parameter in loaded.parameters())
        {
            _ = parameter.mul_(1.5f);
        }

        loaded.eval();
        Assert.NotEqual(before, loaded.call(clips, null).data<float>().ToArray());
    }
}
