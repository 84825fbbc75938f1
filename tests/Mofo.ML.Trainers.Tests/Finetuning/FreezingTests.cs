using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Tests.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class FreezingTests
{
    [Theory]
    [InlineData(FrozenLayers.None, 0, "")]
    [InlineData(FrozenLayers.Encoder, 0, "patch_embed blocks.0 blocks.1")]
    [InlineData(FrozenLayers.AllButHead, 0, "patch_embed blocks.0 blocks.1 fc_norm local_MCA")]
    [InlineData(FrozenLayers.FirstBlocks, 0, "patch_embed")]
    [InlineData(FrozenLayers.FirstBlocks, 1, "patch_embed blocks.0")]
    public void Frozen_weights_have_no_gradient_and_all_others_have_one(FrozenLayers frozen, int blocks, string expected)
    {
        using var scope = NewDisposeScope();
        var model = TinyModels.Classifier(MotionFusion.MultiHeadCrossAttention);
        Freezing.Apply(model, Options(frozen, blocks));
        var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        model.call(TinyModels.Pixels(4).Seen(), inside).sum().backward();
        var still = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(model.named_parameters(), p =>
            Assert.Equal(still.Any(part => p.name.StartsWith(part + ".", StringComparison.Ordinal)), p.parameter.grad is null));
    }

    [Fact]
    public void Frozen_blocks_drop_nothing_while_the_others_train()
    {
        var model = TinyModels.Classifier(MotionFusion.None, dropPath: 0.5);
        Freezing.Train(model, Options(FrozenLayers.FirstBlocks, 1));
        Assert.Equal([false, true], model.modules().OfType<TransformerBlock>().Select(block => block.training));
        Freezing.Train(model, Options(FrozenLayers.None, 0));
        Assert.All(model.modules().OfType<TransformerBlock>(), block => Assert.True(block.training));
    }

    private static MofoFinetuningOptions Options(FrozenLayers frozen, int blocks) =>
        new() { Model = TinyModels.Config, Frozen = frozen, FrozenBlocks = blocks };
}
