using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Applying;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Weights;
using Mofo.ML.Trainers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Applying;

/// <summary>Golden part C once more, through <c>ApplyMofoModel</c>'s reading: the file alone, no size; and in the layouts of MMAction2 and HuggingFace. Tolerances are the pack's.</summary>
public sealed class PublishedNetworkConformanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-published-golden-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("plain_weights", null, "plain")]
    [InlineData("bb_focused_weights", null, "bb_MCA")]
    [InlineData("bb_focused_weights", MotionFusion.SoftAttention, "bb_soft_attn")]
    [InlineData("bb_focused_weights", MotionFusion.WeightedMean, "bb_weighted_mean")]
    [InlineData("bb_focused_weights", MotionFusion.None, "bb_org")]
    public void Features_and_logits_are_those_of_the_original(string weights, MotionFusion? fusion, string name) =>
        AssertAgrees(GoldenPack.PathOf($"finetune/{weights}.safetensors"), fusion, name);

    [Fact]
    public void A_checkpoint_of_torch_gives_the_same() => AssertAgrees(GoldenPack.PathOf("checkpoints/finetune_plain_model_only.pth"), null, "plain");

    [Fact]
    public void The_layout_of_MMAction2_gives_the_same()
    {
        using var plain = WeightFiles.Open(GoldenPack.PathOf("finetune/plain_weights.safetensors"));
        var (config, _, _) = GoldenModels.FinetuningConfig();
        AssertAgrees(CheckpointFiles.WriteTorch(Path.Combine(_folder, "vit.pth"), "state_dict", CheckpointFiles.AsMmAction2(plain, config)), null, "plain", clipsAreStored: true);
    }

    [Fact]
    public void Names_of_wrappers_change_nothing()
    {
        using var plain = WeightFiles.Open(GoldenPack.PathOf("finetune/plain_weights.safetensors"));
        AssertAgrees(CheckpointFiles.WriteTorch(Path.Combine(_folder, "vit.pth"), "module", plain.Select(t => t.Renamed("_orig_mod.module." + t.Name))), null, "plain");
    }

    private static void AssertAgrees(string path, MotionFusion? fusion, string name, bool clipsAreStored = false)
    {
        var (config, classes, _) = GoldenModels.FinetuningConfig();
        var options = new MofoModelOptions { Heads = config.Heads, Fusion = fusion, ReleasedSoftAttention = true };
        if (!clipsAreStored)
        {
            // The pack's networks are smaller than the published ones, and such a file does not tell.
            (options.PositionFrames, options.PositionImageSize) = (config.Frames, config.ImageSize);
        }

        var plan = PublishedPlan.Of(path, options);
        Assert.Equal((config.EmbedDim, config.Depth, config.MlpRatio, classes), (plan.Shape.Size.EmbedDim, plan.Shape.Size.Depth, plan.Shape.Size.MlpRatio, plan.Shape.Classes));
        Assert.Equal((config.Frames, config.ImageSize), (plan.Shape.Size.Frames, plan.Shape.Size.ImageSize));
        var (network, report) = plan.Load();
        using var loaded = network;
        Assert.True(report.IsComplete, report.ToString());
        network.eval();
        _ = network.to(TestDevice.Chosen);
        var (pixels, inside, _) = GoldenClassifiers.Input();
        using var frozen = no_grad();
        var features = network.Features(SeenClips.Of(pixels, ClipInput.Pixels), plan.Shape.Fusion == MotionFusion.None ? null : inside);
        using var golden = GoldenPack.Npz("finetune/outputs.npz");
        Assert.InRange(Gap(golden[$"{name}_init_head_features"], features), 0, 2e-5);
        Assert.InRange(Gap(golden[$"{name}_init_head_logits"], network.Logits(features)), 0, 1e-6);
    }

    private static double Gap(NpyArray expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.shape);

        // NaN of the original (nothing outside the box) has no counterpart.
        return expected.ToSingles().Zip(GoldenModels.Values(actual)).Where(pair => !float.IsNaN(pair.First)).Max(pair => Math.Abs((double)pair.First - pair.Second));
    }
}
