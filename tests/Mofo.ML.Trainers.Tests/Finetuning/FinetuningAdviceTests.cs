using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Training.Loop;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class FinetuningAdviceTests
{
    [Fact]
    public void The_published_recipe_from_random_weights_on_few_clips_is_warned_of_at_once()
    {
        var warning = Advice(new() { Model = VitConfig.Micro }, 54, fromRandomWeights: true).BeforeStart();
        Assert.Contains("random weights with 54 clips, fewer than 2000, and the published recipe", warning, StringComparison.Ordinal);
        Assert.Contains("MofoFinetuningOptions.For(54)", warning, StringComparison.Ordinal);
        Assert.Contains("docs/does-it-learn.md", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_a_wide_network_whatever_the_recipe()
    {
        var options = MofoFinetuningOptions.For(100);
        options.Model = VitConfig.Base;
        Assert.Contains("a network of width 768", Advice(options, 100, fromRandomWeights: true).BeforeStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_many_clips_or_a_recipe_that_fits_need_no_warning()
    {
        Assert.Null(Advice(new(), 54, fromRandomWeights: false).BeforeStart());
        Assert.Null(Advice(new(), 2000, fromRandomWeights: true).BeforeStart());
        Assert.Null(Advice(MofoFinetuningOptions.SmallDataset, 54, fromRandomWeights: true).BeforeStart());
        Assert.Null(Advice(MofoFinetuningOptions.For(1000), 1000, fromRandomWeights: true).BeforeStart());
    }

    [Fact]
    public void Before_the_clips_are_counted_it_names_what_holds_for_any_number_of_few()
    {
        Assert.Contains("With fewer than 2000 labelled clips and the published recipe", FinetuningAdvice.BeforeData(new() { Model = VitConfig.Micro }, rows: null), StringComparison.Ordinal);
        Assert.Contains("With fewer than 2000 labelled clips and a network of width 768", FinetuningAdvice.BeforeData(new() { MixProbability = 0 }, rows: 54), StringComparison.Ordinal);
        Assert.Null(FinetuningAdvice.BeforeData(new(), rows: 2000));
        Assert.Null(FinetuningAdvice.BeforeData(MofoFinetuningOptions.SmallDataset, rows: null));
    }

    [Fact]
    public void A_rate_that_only_small_batches_make_low_is_named_when_the_clips_are_counted()
    {
        // 256 videos a step have the whole rate, 8 a thirty-second of it.
        var options = new MofoFinetuningOptions { Model = VitConfig.Micro, BatchSize = 256 };
        Assert.Null(FinetuningAdvice.BeforeData(options, rows: null));
        Assert.Contains("random weights with 8 clips", Advice(options, 8, fromRandomWeights: true).BeforeStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_plateau_it_names_what_applies_and_nothing_else()
    {
        var published = Advice(new(), 54, fromRandomWeights: true).OnPlateau();
        Assert.All(["LearningRateScaling to SquareRoot", "MofoFinetuningOptions.For(54)", "MixupAlpha and CutmixAlpha 0", "Epochs"], part => Assert.Contains(part, published, StringComparison.Ordinal));
        var small = Advice(MofoFinetuningOptions.SmallDataset, 54, fromRandomWeights: false).OnPlateau();
        Assert.All(["LearningRateScaling", "For(", "Mixup"], part => Assert.DoesNotContain(part, small, StringComparison.Ordinal));
        Assert.Contains("Epochs", small, StringComparison.Ordinal);
    }

    private static FinetuningAdvice Advice(MofoFinetuningOptions options, int clips, bool fromRandomWeights) =>
        new(options, new TrainingPlan(clips, options, usualWarmup: 5), clips, fromRandomWeights);
}
