using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Tests.Augmentation;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class TargetLevelsTests
{
    [Fact]
    public void Equal_classes_have_the_logarithm_of_their_number_for_a_baseline()
    {
        var levels = new TargetLevels(6);
        var targets = Mixup.None.Targets([0, 1, 2, 3, 4, 5], 6, 0);
        var (baseline, floor) = levels.Of(targets);
        Assert.Equal(Math.Log(6), baseline, 1e-9);
        Assert.Equal(0, floor, 1e-9);
    }

    [Fact]
    public void Smoothing_raises_the_floor_and_not_the_baseline()
    {
        var (baseline, floor) = new TargetLevels(4).Of(Mixup.None.Targets([0, 1, 2, 3], 4, 0.1));
        Assert.Equal(Math.Log(4), baseline, 1e-6);
        Assert.Equal(-(0.925 * Math.Log(0.925)) - (3 * 0.025 * Math.Log(0.025)), floor, 1e-6);
    }

    [Fact]
    public void A_frequent_class_lowers_the_baseline_to_the_entropy_of_the_shares()
    {
        var levels = new TargetLevels(2);
        (double Baseline, double Floor) last = default;
        for (var i = 0; i < 500; i++)
        {
            last = levels.Of(Mixup.None.Targets([0, 0, 0, 1], 2, 0));
        }

        Assert.Equal(-(0.75 * Math.Log(0.75)) - (0.25 * Math.Log(0.25)), last.Baseline, 1e-3);
    }

    [Property]
    public void The_floor_is_never_above_the_baseline(byte[] labels, byte share, byte smoothing)
    {
        if (labels is not { Length: > 0 })
        {
            return;
        }

        var targets = new Mixup(share / 255.0, null).Targets([.. labels.Select(label => label % 5)], 5, smoothing / 300.0);
        var (baseline, floor) = new TargetLevels(5).Of(targets);
        Assert.InRange(floor, -1e-6, baseline + 1e-6);
    }

    [Fact]
    public void A_weight_of_two_doubles_both_levels()
    {
        var one = new TargetLevels(3).Of(Mixup.None.Targets([0, 1, 2], [1f, 1f, 1f], 3, 0.1));
        var two = new TargetLevels(3).Of(Mixup.None.Targets([0, 1, 2], [2f, 2f, 2f], 3, 0.1));
        Assert.Equal(2 * one.Baseline, two.Baseline, 1e-6);
        Assert.Equal(2 * one.Floor, two.Floor, 1e-6);
    }
}
