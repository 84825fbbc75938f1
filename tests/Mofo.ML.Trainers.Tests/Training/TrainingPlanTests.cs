using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class TrainingPlanTests
{
    [Theory]
    [InlineData(LearningRateScaling.Linear, 256, 1, 1, 1e-3)]
    [InlineData(LearningRateScaling.Linear, 16, 1, 1, 6.25e-5)]
    [InlineData(LearningRateScaling.Linear, 16, 4, 1, 2.5e-4)]
    [InlineData(LearningRateScaling.SquareRoot, 256, 1, 1, 1e-3)]
    [InlineData(LearningRateScaling.SquareRoot, 16, 1, 1, 2.5e-4)]
    [InlineData(LearningRateScaling.SquareRoot, 1024, 1, 1, 2e-3)]
    [InlineData(LearningRateScaling.Linear, 16, 1, 2, 3.125e-5)]
    [InlineData(LearningRateScaling.SquareRoot, 32, 1, 2, 2.5e-4)]
    public void The_rate_in_force_follows_the_videos_of_a_step(LearningRateScaling scaling, int batch, int accumulation, int clipsPerVideo, double expected)
    {
        var options = new MofoFinetuningOptions
        {
            BatchSize = batch,
            AccumulationSteps = accumulation,
            ClipsPerVideo = clipsPerVideo,
            BaseLearningRate = 1e-3,
            MinLearningRate = 1e-4,
            LearningRateScaling = scaling,
            WarmupEpochs = 0,
        };
        var plan = new TrainingPlan(10_000, options, usualWarmup: 5);
        Assert.Equal(expected, plan.PeakLearningRate, 1e-12);
        Assert.Equal(expected, plan.LearningRate[0], 1e-12);
        Assert.Equal(expected / 10, plan.LearningRate[plan.Steps], 1e-12);
        Assert.Equal(batch * accumulation / clipsPerVideo, plan.VideosPerStep);
    }

    [Theory]
    [InlineData(1.5e-4, 16, LearningRateScaling.Linear, "The effective learning rate is 9.4e-6: BaseLearningRate 1.5e-4 for 256 videos, 16 videos a step, Linear scaling.", "Set LearningRateScaling to SquareRoot")]
    [InlineData(1.5e-4, 16, LearningRateScaling.SquareRoot, "The effective learning rate is 3.8e-5", "Raise BaseLearningRate")]
    public void A_rate_below_the_limit_is_named_with_what_raises_it(double rate, int batch, LearningRateScaling scaling, string said, string advice)
    {
        var options = new MofoPretrainingOptions { BaseLearningRate = rate, BatchSize = batch, LearningRateScaling = scaling };
        var message = RateAdvice.For(options, new TrainingPlan(1000, options, usualWarmup: 40));
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_steps_than_can_be_counted_are_refused_with_the_most_epochs()
    {
        var options = new MofoPretrainingOptions { BatchSize = 16, Epochs = 53_687_090 };
        var error = Assert.Throws<MofoOptionsException>(() => new TrainingPlan(640, options, usualWarmup: 40));
        Assert.Contains("Epochs is 53687090; it must be in [1, 53687089] where an epoch has 40 steps.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_at_the_limit_is_not_named()
    {
        var options = new MofoPretrainingOptions { BaseLearningRate = 5e-5, BatchSize = 256, MinLearningRate = 0 };
        Assert.Null(RateAdvice.For(options, new TrainingPlan(1000, options, usualWarmup: 40)));
    }
}
