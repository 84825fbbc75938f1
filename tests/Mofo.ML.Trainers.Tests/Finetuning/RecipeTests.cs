using FsCheck.Xunit;
using Mofo.ML.Research;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class RecipeTests
{
    [Property]
    public void Recipes_are_valid_for_any_number_of_clips_and_fewer_clips_are_seen_more_often(FsCheck.PositiveInt first, FsCheck.PositiveInt second, bool pretrained)
    {
        var (few, many) = (Math.Min(first.Get, second.Get), Math.Max(first.Get, second.Get));
        foreach (var clips in new[] { few, many })
        {
            MofoFinetuningOptions.For(clips, pretrained).Validate();
            MofoPretrainingOptions.For(clips).Validate();
            Assert.Equal(VitConfig.SuitedTo(clips), MofoFinetuningOptions.For(clips, pretrained).Model);
        }

        Assert.True(MofoFinetuningOptions.For(few, pretrained).Epochs >= MofoFinetuningOptions.For(many, pretrained).Epochs);
        Assert.True(MofoPretrainingOptions.For(few).Epochs >= MofoPretrainingOptions.For(many).Epochs);
    }

    [Fact]
    public void Small_networks_see_enough_clips_at_a_rate_above_the_plateau()
    {
        foreach (var clips in new[] { 54, 200, 1350 })
        {
            var (finetuning, pretraining) = (MofoFinetuningOptions.For(clips), MofoPretrainingOptions.For(clips));
            Assert.InRange(finetuning.Epochs * clips, 21_600, 36_000);
            Assert.InRange(pretraining.Epochs * (clips - (clips % pretraining.BatchSize)), 58_000, 60_000); // what does not fill a batch is left out of an epoch
            Assert.Equal((5e-4, 6.25e-6), Rates(finetuning));
            Assert.Equal((1e-3, 1.25e-5), Rates(pretraining));
            finetuning.BatchSize *= 4;
            Assert.Equal((1e-3, 1.25e-5), Rates(finetuning));
        }
    }

    private static (double Peak, double Least) Rates(MofoTrainingOptions options) =>
        (Math.Round(options.Scaled(options.BaseLearningRate, options.BatchSize), 12), Math.Round(options.Scaled(options.MinLearningRate, options.BatchSize), 12));

    [Fact]
    public void Weights_that_are_there_are_not_drawn_again_and_wide_networks_keep_the_published_values()
    {
        Assert.Equal(WeightStart.Mimetic, MofoFinetuningOptions.For(100).WeightStart);
        Assert.Equal(WeightStart.Xavier, MofoFinetuningOptions.For(100, pretrained: true).WeightStart);
        var (wide, published) = (MofoFinetuningOptions.For(100, pretrained: true, VitConfig.Base), MofoFinetuningOptions.SomethingSomethingV2);
        Assert.Equal((published.Epochs, published.BaseLearningRate, published.RandAugment, published.MixupAlpha), (wide.Epochs, wide.BaseLearningRate, wide.RandAugment, wide.MixupAlpha));
        Assert.Equal(0.9, MofoPretrainingOptions.For(100, VitConfig.Base).MaskRatio);
    }

    [Fact]
    public void Targets_are_normalised_where_the_network_sees_pixels()
    {
        Assert.False(MofoPretrainingOptions.For(100).NormalizeTargets);
        Assert.True(MofoPretrainingOptions.For(100, VitConfig.Tiny).NormalizeTargets);
    }

    [Fact]
    public void No_clips_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MofoFinetuningOptions.For(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MofoPretrainingOptions.For(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VitConfig.SuitedTo(0));
    }
}
