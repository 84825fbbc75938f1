using Mofo.ML.Trainers.Training.Loop;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void Stops_after_more_evaluations_without_improvement_than_tolerated()
    {
        var stopping = new EarlyStopping(patience: 2, higherIsBetter: true);
        Assert.True(stopping.Report(0.5));
        Assert.False(stopping.Report(0.5));
        Assert.False(stopping.Report(double.NaN));
        Assert.False(stopping.ShouldStop);
        Assert.False(stopping.Report(0.4));
        Assert.True(stopping.ShouldStop);
        Assert.Equal(0.5, stopping.Best);
    }

    [Fact]
    public void A_loss_improves_downwards_and_by_more_than_the_smallest_gain()
    {
        var stopping = new EarlyStopping(patience: 0, higherIsBetter: false, smallestGain: 0.1);
        Assert.True(stopping.Report(1));
        Assert.False(stopping.Report(0.95));
        Assert.True(stopping.ShouldStop);
        Assert.True(stopping.Report(0.8));
        Assert.False(stopping.ShouldStop);
    }
}
