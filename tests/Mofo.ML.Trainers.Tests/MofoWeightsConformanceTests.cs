using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Weights;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests;

public sealed class MofoWeightsConformanceTests : IDisposable
{
    private const string Checkpoint = "checkpoints/pretrain_checkpoint-4.pth";

    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_checkpoint_of_the_original_is_whole_for_pretraining_and_gives_its_encoder_for_finetuning()
    {
        var path = GoldenPack.PathOf(Checkpoint);
        var pretraining = MofoWeights.CheckForPretraining(path, GoldenModels.PretrainingConfig());
        Assert.True(pretraining.IsComplete);
        Assert.Empty(pretraining.Ignored);

        var finetuning = MofoWeights.CheckForFinetuning(path, GoldenModels.FinetuningConfig().Config, classes: 9);
        Assert.True(finetuning.IsComplete);
        Assert.Contains("encoder.norm.weight", finetuning.Ignored);
        Assert.Contains("head.weight", finetuning.LeftAtInitialValues);
    }

    [Fact]
    public void A_model_of_another_size_is_reported_tensor_by_tensor()
    {
        var config = GoldenModels.PretrainingConfig();
        var report = MofoWeights.CheckForPretraining(GoldenPack.PathOf(Checkpoint), config with { Depth = config.Depth + 1, DecoderDim = 2 * config.DecoderDim });
        Assert.False(report.IsComplete);
        Assert.Contains($"encoder.blocks.{config.Depth}.norm1.weight", report.Missing);
        Assert.Contains(report.WrongShape, text => text.StartsWith("mask_token (found F32 [1, 1, "));
    }

    [Theory]
    [InlineData(false, "encoder.blocks.0.attn.qkv.weight")]
    [InlineData(true, "videomae.encoder.layer.0.attention.attention.key.weight")]
    public void Converted_weights_have_the_names_asked_for_and_lose_nothing(bool forHuggingFace, string amongOthers)
    {
        using var expected = GoldenPack.Npz("checkpoints/pretrain_checkpoint-4_model.npz");
        var converted = Path.Combine(_folder, "converted.safetensors");
        var back = Path.Combine(_folder, "back.safetensors");

        var path = GoldenPack.PathOf(Checkpoint);
        var count = forHuggingFace ? MofoWeights.ConvertToHuggingFace(path, converted) : MofoWeights.Convert(path, converted);
        MofoWeights.Convert(converted, back);

        using (var set = Safetensors.Open(converted))
        {
            Assert.Equal(count, set.Count);
            Assert.Contains(amongOthers, set.Names);
        }

        using var original = Safetensors.Open(back);
        Golden.AssertEqual(expected, original);
    }
}
