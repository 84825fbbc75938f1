using Mofo.ML.Trainers.Training.Reports;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class PlateauWatchTests
{
    [Theory]
    [InlineData(100, 50)]
    [InlineData(1000, 200)]
    [InlineData(100_000, 2000)]
    public void It_judges_a_fifth_of_the_run_within_limits(int steps, int window) => Assert.Equal(window, new PlateauWatch(steps, 0).Window);

    [Fact]
    public void A_loss_at_the_baseline_is_found_after_the_warm_up_and_one_window()
    {
        var watch = new PlateauWatch(1000, 100);
        Assert.Equal(Enumerable.Range(300, 701), Found(watch, 1000, _ => (1.79, 1.79, 0.3)));
    }

    [Fact]
    public void A_loss_above_the_baseline_is_found_too() =>
        Assert.Equal(Enumerable.Range(200, 801), Found(new PlateauWatch(1000, 0), 1000, _ => (2.1, 1.79, 0)));

    [Fact]
    public void A_loss_that_leaves_the_plateau_is_found_only_until_it_has_gone_a_twentieth_of_the_way()
    {
        // From step 400 on the loss is a tenth of the way down: after half a window of them the mean has gone a twentieth.
        var found = Found(new PlateauWatch(1000, 0), 1000, step => (step < 400 ? 1 : 0.9, 1, 0));
        Assert.Equal((200, 499), (found.Min(), found.Max()));
        Assert.Equal(300, found.Count);
    }

    [Fact]
    public void Smoothed_and_mixed_labels_are_judged_by_what_their_floor_leaves()
    {
        // Between ln 2 and a floor of 0.6 there is little room: 0.68 is a seventh of the way, 0.69 none.
        Assert.Empty(Found(new PlateauWatch(200, 0), 200, _ => (0.68, 0.693, 0.6)));
        Assert.NotEmpty(Found(new PlateauWatch(200, 0), 200, _ => (0.69, 0.693, 0.6)));
    }

    [Fact]
    public void A_run_shorter_than_a_window_is_judged_at_its_end_and_one_of_a_few_steps_never()
    {
        Assert.Equal([30], Found(new PlateauWatch(30, 0), 30, _ => (1, 1, 0)));
        Assert.Empty(Found(new PlateauWatch(9, 0), 9, _ => (1, 1, 0)));
        Assert.Empty(Found(new PlateauWatch(30, 25), 30, _ => (1, 1, 0)));
    }

    [Fact]
    public void Nothing_is_found_where_the_baseline_is_not_known() =>
        Assert.Empty(Found(new PlateauWatch(100, 0), 100, _ => (1, double.NaN, 0)));

    [Fact]
    public void The_words_name_the_steps_the_levels_and_what_to_change()
    {
        var words = new Plateau(300, 200, 1.7912, 1.7918).Describe("finetuning", "Raise the rate.");
        Assert.Equal(
            "finetuning has learned nothing so far: over the last 200 of 300 steps the loss is 1.791, and a network that does not look at the clips has 1.792. Raise the rate. See docs/does-it-learn.md.",
            words);
    }

    private static List<int> Found(PlateauWatch watch, int steps, Func<int, (double Loss, double Baseline, double Floor)> at) =>
        [.. Enumerable.Range(1, steps).Where(step => watch.Add(step, at(step).Loss, at(step).Baseline, at(step).Floor) is not null)];
}
