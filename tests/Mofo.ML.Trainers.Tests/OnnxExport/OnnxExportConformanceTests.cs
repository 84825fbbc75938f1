using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Transforms.OnnxScoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.OnnxExport;

/// <summary>Exported models against TorchSharp's, with the weights and clips of the golden pack (a box over the whole frame is among them).</summary>
public sealed class OnnxExportConformanceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<MotionFusion, string> Fusions => GoldenClassifiers.Fusions;

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Scores_of_the_golden_clips_are_those_of_TorchSharp(MotionFusion fusion, string name)
    {
        using var frozen = no_grad();
        var (config, classes, _) = GoldenModels.FinetuningConfig();
        var (pixels, inside, _) = GoldenClassifiers.Input();
        using var input = GoldenPack.Npz("finetune/input.npz");
        using var golden = GoldenPack.Npz("finetune/outputs.npz");
        var boxes = ExportedModel.Flat(config, GoldenClassifiers.Boxes(config, input["boxes"]));
        foreach (var isScaled in new[] { false, true })
        {
            var model = GoldenClassifiers.Build(fusion, isScaled);
            using var exported = ExportedModel.Of(model, config, new ClassifierShape(classes, fusion) { AsReleased = true });
            var scores = exported.Run(OnnxColumns.Scores, pixels, boxes);
            var gap = GoldenModels.LargestGap(GoldenModels.Values(model.call(pixels.Seen(), inside).softmax(-1)), scores);

            // And against the original's own logits, where it has them (NaN for a whole-frame box in two of its fusions).
            var logits = golden[$"{name}_{(isScaled ? "scaled" : "init")}_head_logits"];
            var expected = GoldenModels.Values(GoldenModels.TensorOf(logits).softmax(-1));
            var gapToOriginal = expected.Zip(scores).Where(pair => !float.IsNaN(pair.First)).Max(pair => Math.Abs((double)pair.First - pair.Second));
            TestContext.Current.SendDiagnosticMessage("{0} scaled {1}: TorchSharp {2:E2}, original {3:E2}", name, isScaled, gap, gapToOriginal);
            Assert.InRange(gap, 0, 1e-5);
            Assert.InRange(gapToOriginal, 0, 1e-5);
        }
    }

    [Theory]
    [InlineData("finetune/plain_weights.safetensors", MotionFusion.None, "plain")]
    [InlineData("checkpoints/finetune_plain_model_only.pth", MotionFusion.None, "plain")]
    [InlineData("finetune/bb_focused_weights.safetensors", MotionFusion.MultiHeadCrossAttention, "bb_MCA")]
    public void A_weight_file_of_the_original_becomes_an_ONNX_file_without_a_training(string file, MotionFusion fusion, string name)
    {
        var (config, classes, _) = GoldenModels.FinetuningConfig();
        using var exported = new ExportedModel();
        var report = MofoWeights.ConvertClassifierToOnnx(
            GoldenPack.PathOf(file), exported.Path, new MofoFinetuningOptions { Model = config, Fusion = fusion }, [.. Enumerable.Range(0, classes).Select(i => $"{i}")]);
        Assert.True(report.IsComplete);
        using var input = GoldenPack.Npz("finetune/input.npz");
        using var golden = GoldenPack.Npz("finetune/outputs.npz");
        var (pixels, _, _) = GoldenClassifiers.Input();
        var scores = exported.Run(OnnxColumns.Scores, pixels, ExportedModel.Flat(config, GoldenClassifiers.Boxes(config, input["boxes"])));
        Assert.InRange(GoldenModels.LargestGap(GoldenModels.Values(GoldenModels.TensorOf(golden[$"{name}_init_head_logits"]).softmax(-1)), scores), 0, 1e-5);

        var error = Assert.Throws<WeightMismatchException>(() => MofoWeights.ConvertClassifierToOnnx(
            GoldenPack.PathOf(file), exported.Path, new MofoFinetuningOptions { Model = config, Fusion = fusion }, ["one", "too", "few"]));
        Assert.Contains("head.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pretraining_checkpoint_of_the_original_becomes_an_encoder()
    {
        var config = GoldenModels.PretrainingConfig();
        using var exported = new ExportedModel();
        _ = MofoWeights.ConvertEncoderToOnnx(GoldenPack.PathOf("checkpoints/pretrain_checkpoint-4.pth"), exported.Path, new MofoPretrainingOptions { Model = config });
        var model = new MaskedAutoencoder(config, new Generator(1));
        using var weights = GoldenPack.Npz("checkpoints/pretrain_checkpoint-4_model.npz");
        GoldenModels.Load(model, weights);
        using var frozen = no_grad();
        using var input = GoldenPack.Npz("pretrain/input.npz");
        var pixels = GoldenModels.TensorOf(input["videos"]);
        var expected = GoldenModels.Values(model.Encoder.call(pixels.Seen(), null).mean([1]));
        Assert.InRange(GoldenModels.LargestGap(expected, exported.Run(OnnxColumns.Features, pixels)), 0, 1e-5);
    }

    [Fact]
    public void Embeddings_of_the_golden_clips_are_those_of_TorchSharp()
    {
        using var frozen = no_grad();
        var config = GoldenModels.PretrainingConfig();
        var model = new MaskedAutoencoder(config, new Generator(1));
        using var weights = GoldenPack.Npz("checkpoints/pretrain_init.npz");
        GoldenModels.Load(model, weights);
        using var input = GoldenPack.Npz("pretrain/input.npz");
        var pixels = GoldenModels.TensorOf(input["videos"]);
        using var exported = ExportedModel.Of(model.Encoder, config);
        var gap = GoldenModels.LargestGap(
            GoldenModels.Values(model.Encoder.call(pixels.Seen(), null).mean([1])), exported.Run(OnnxColumns.Features, pixels));
        TestContext.Current.SendDiagnosticMessage("encoder: {0:E2}", gap);
        Assert.InRange(gap, 0, 1e-5);
    }
}
