using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Training;
using Mofo.ML.Trainers.Training;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Pretraining;

/// <summary>Pretraining that predicts frame differences beside pixels: network, training, files.</summary>
public sealed class PixelsAndDifferencesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-differences-");
    private readonly MLContext _ml = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void The_head_alone_grows()
    {
        var plain = Model(ReconstructionTarget.Pixels).named_parameters().ToDictionary(p => p.name, p => p.parameter.shape);
        var grown = Model(ReconstructionTarget.PixelsAndDifferences).named_parameters().ToDictionary(p => p.name, p => p.parameter.shape);
        Assert.Equal(plain.Keys, grown.Keys);
        Assert.Equal(["decoder.head.weight", "decoder.head.bias"], plain.Keys.Where(name => !plain[name].SequenceEqual(grown[name])));
        Assert.Equal(2 * TinyModels.Config.PixelsPerToken, grown["decoder.head.weight"][0]);
    }

    [Fact]
    public void A_step_learns_both_halves()
    {
        var options = Options(ReconstructionTarget.PixelsAndDifferences);
        var model = Model(options.ReconstructionTarget);
        var step = new PretrainingStep(model, options, CPU);
        using var clip = Noise();
        using var prepared = PretrainingClips.Prepare("noise", clip, PretrainingClips.MaskingOf(options), options.Model, new Random(1));
        step.Loss([prepared], new Random(2)).Total.backward();
        var head = model.named_parameters().Single(p => p.name == "decoder.head.weight").parameter.grad!;
        Assert.All(head.chunk(2, 0), half => Assert.True(half.norm().item<float>() > 1e-6f));
    }

    [Fact]
    public void A_resumed_training_of_the_other_target_is_refused_by_name()
    {
        var options = TinyTraining.Options(_folder.FullName);
        options.Epochs = 1;
        _ = new TinyTraining().Run(options);
        options.ReconstructionTarget = ReconstructionTarget.PixelsAndDifferences;
        options.Epochs = 1;
        var error = Assert.Throws<CheckpointException>(() => new TinyTraining().Run(options));
        Assert.Contains("ReconstructionTarget", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_model_loads_and_its_encoder_fits_both_targets()
    {
        var path = Path.Combine(_folder.FullName, "model.zip");
        using var saved = Save(ReconstructionTarget.PixelsAndDifferences, path);
        using var loaded = (MofoPretrainedTransformer)new MLContext(2).Model.Load(path, out _);
        Assert.Equal(
            GoldenModels.Values(saved.Model.state_dict()["decoder.head.weight"]), GoldenModels.Values(loaded.Model.state_dict()["decoder.head.weight"]));

        Assert.True(MofoWeights.CheckForPretraining(path, TinyModels.Config, ReconstructionTarget.PixelsAndDifferences).IsComplete);
        Assert.Equal(2, MofoWeights.CheckForPretraining(path, TinyModels.Config).WrongShape.Count);
        Assert.True(MofoWeights.CheckForFinetuning(path, TinyModels.Config, 3).IsComplete);
        var onnx = Path.Combine(_folder.FullName, "encoder.onnx");
        Assert.True(MofoWeights.ConvertEncoderToOnnx(path, onnx, Options(ReconstructionTarget.PixelsAndDifferences)).IsComplete);
    }

    [Fact]
    public void Starting_weights_of_the_other_target_are_refused_and_the_option_is_named()
    {
        var path = Path.Combine(_folder.FullName, "model.zip");
        Save(ReconstructionTarget.Pixels, path).Dispose();
        var options = Options(ReconstructionTarget.PixelsAndDifferences);
        var error = Assert.Throws<MofoOptionsException>(() => InitialAutoencoder.Load(path, Model(options.ReconstructionTarget), options));
        Assert.Contains($"ReconstructionTarget is PixelsAndDifferences; the weights of {path} were trained with another", error.Message, StringComparison.Ordinal);
        Assert.Contains("decoder.head.weight (found F32 [1536, 32], expected F32 [3072, 32])", error.Message, StringComparison.Ordinal);

        // Weights of another size are no matter of the target.
        var other = new MaskedAutoencoder(TinyModels.Config with { EmbedDim = 48 }, new Generator(1));
        Assert.Throws<WeightMismatchException>(() => InitialAutoencoder.Load(path, other, options));
    }

    [Fact]
    public void Values_that_cannot_be_used_are_named()
    {
        var options = Options(ReconstructionTarget.PixelsAndDifferences);
        options.Model = options.Model with { Frames = 1, TubeletSize = 1 };
        Assert.Contains("ReconstructionTarget is PixelsAndDifferences; the model's Frames must then be at least 2.", Assert.Throws<MofoOptionsException>(options.Validate).Problems);
        options.ReconstructionTarget = (ReconstructionTarget)7;
        Assert.Contains("ReconstructionTarget is 7", Assert.Throws<MofoOptionsException>(options.Validate).Message, StringComparison.Ordinal);
    }

    private static MofoPretrainingOptions Options(ReconstructionTarget target) =>
        new() { Model = TinyModels.Config, ReconstructionTarget = target, MaskRatio = 0.5, MotionMaskRatio = null, Precision = Precision.Float32 };

    private static MaskedAutoencoder Model(ReconstructionTarget target) => new(TinyModels.Config, new Generator(3), target: target);

    private static Clip Noise()
    {
        var clip = new Clip(TinyModels.Config.Frames, TinyModels.Config.ImageSize, TinyModels.Config.ImageSize);
        new Random(1).NextBytes(clip.Pixels);
        return clip;
    }

    private MofoPretrainedTransformer Save(ReconstructionTarget target, string path)
    {
        var pretrained = new MofoPretrainedTransformer(_ml, "Features", new VideoInputs("VideoPath", "MotionBoxes"), Options(target), Model(target), CPU);
        _ml.Model.Save(pretrained, _ml.Data.LoadFromEnumerable(new[] { new Row("v.mp4", [0, 0, 1, 1]) }).Schema, path);
        return pretrained;
    }

    private sealed record Row(string VideoPath, float[] MotionBoxes);
}
