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
    public void A_loss_that_leaves_the_plateau_is_found_until_it_has_gone_seven_hundredths_of_the_way()
    {
        // From step 400 on the loss is an eighth of the way down: after 112 of the window's 200 steps the mean has gone 0.07.
        var found = Found(new PlateauWatch(1000, 0), 1000, step => (step < 400 ? 1 : 0.875, 1, 0));
        Assert.Equal((200, 511), (found.Min(), found.Max()));
        Assert.Equal(312, found.Count);
    }

    [Theory]
    [InlineData(0.045, 0.065, 1)] // trembles around a twentieth: one plateau
    [InlineData(0.045, 0.1, 2)] // leaves it, and comes back
    [InlineData(0.055, 0.065, 0)] // never was in one
    public void A_plateau_that_is_left_a_little_is_no_new_one(double low, double high, int plateaus)
    {
        // Each level for a window and a half, so that the mean reaches it.
        var found = Found(new PlateauWatch(2400, 0), 2400, step => (1 - (step % 1440 < 720 ? low : high), 1, 0)).ToHashSet();
        Assert.Equal(plateaus, found.Count(step => !found.Contains(step - 1)));
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
