using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Transforms.MlNetBridge;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Pretraining;

/// <summary>Golden part B through the ML.NET stage: the pack's clips as image folders, its weights, against the encoder on the original's own input tensor.</summary>
/// <remarks>The encoder itself is held to the original's output in <see cref="PretrainingConformanceTests"/>; the pack has no figure over all tokens.</remarks>
public sealed class FeaturesConformanceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-features-").FullName;

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Features_of_the_stage_are_the_mean_over_the_encoders_tokens_of_the_originals_input()
    {
        var config = GoldenModels.PretrainingConfig();
        var model = new MaskedAutoencoder(config, new Generator(1));
        using var weights = GoldenPack.Npz("checkpoints/pretrain_init.npz");
        using var input = GoldenPack.Npz("pretrain/input.npz");
        GoldenModels.Load(model, weights);
        using var frozen = no_grad();
        var expected = GoldenModels.Values(model.Encoder.call(GoldenModels.TensorOf(input["videos"]).Seen(), null).mean([1]));

        var ml = new MLContext(1);
        var options = new MofoPretrainingOptions { Model = config, Precision = Precision.Float32, FrameStride = 1 };
        using var stage = new MofoPretrainedTransformer(ml, "Features", new VideoInputs("Video", null), options, model, TestDevice.Chosen);
        var clips = GoldenClips.Write(input["clip_uint8"], _folder);
        var rows = ml.Data.LoadFromEnumerable(clips.Select(path => new Row { Video = path }));
        var actual = stage.Transform(rows).GetColumn<float[]>("Features").SelectMany(features => features).ToArray();
        Assert.InRange(GoldenModels.LargestGap(expected, actual), 0, 2e-5);
    }

    private sealed class Row
    {
        public string Video { get; set; } = "";
    }
}
