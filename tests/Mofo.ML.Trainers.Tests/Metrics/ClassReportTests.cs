using Mofo.ML.Trainers.Metrics;

namespace Mofo.ML.Trainers.Tests.Metrics;

public sealed class ClassReportTests
{
    private static readonly string[] Classes = ["run", "jump", "sit"];

    /// <summary>Four of "run" (two right), one of "jump" (right), one of "sit" missing, one of an unknown class, one without label.</summary>
    private static readonly ScoredVideos Videos = new(Classes,
    [
        new("a", "run", [0.7, 0.2, 0.1]),
        new("b", "run", [0.6, 0.3, 0.1]),
        new("c", "run", [0.3, 0.6, 0.1]),
        new("d", "run", [0.1, 0.2, 0.7]),
        new("e", "jump", [0.1, 0.8, 0.1]),
        new("f", "sit", [double.NaN, double.NaN, double.NaN]),
        new("g", "swim", [0.5, 0.3, 0.2]),
        new("h", null, [0.5, 0.3, 0.2]),
    ]);

    private readonly ClassReport _report = new(Videos);

    [Fact]
    public void Missing_and_unknown_videos_count_as_wrong_and_unlabelled_ones_not_at_all()
    {
        Assert.Equal((7, 1), (_report.Count, _report.Missing));
        Assert.Equal(["swim"], _report.Unknown);
        Assert.Equal(3 / 7.0, _report.Top1, 1e-12);
        Assert.Equal(4 / 7.0, _report.TopK(2), 1e-12);
        Assert.Equal(5 / 7.0, _report.Top5, 1e-12);
    }

    [Fact]
    public void Mean_class_accuracy_counts_every_class_alike() =>
        Assert.Equal((0.5 + 1 + 0 + 0) / 4, _report.MeanClassAccuracy, 1e-12);

    [Fact]
    public void The_table_per_class_has_recall_precision_and_confidence()
    {
        var table = _report.PerClass();
        Assert.Equal(["run", "jump", "sit", "swim"], table["Class"].Cast<string>());
        Assert.Equal([4, 1, 1, 1], table["Clips"].Cast<int>());
        Assert.Equal([2, 1, 0, 0], table["Correct"].Cast<int>());
        Assert.Equal([0.5, 1, 0, 0], table["Recall"].Cast<double>());
        Assert.Equal([2 / 3.0, 0.5, 0, null], table["Precision"].Cast<double?>());
        Assert.Equal(4 / 7.0, (double)table["F1"][0], 1e-12);
        Assert.Equal((0.7 + 0.6 + 0.3 + 0.1) / 4, (double)table["Confidence"][0], 1e-12);
        Assert.Null(table["Confidence"][2]);
    }

    [Fact]
    public void The_confusion_table_has_a_column_for_no_prediction_and_adds_up()
    {
        var table = _report.Confusion();
        Assert.Equal(["Label", .. Classes, ClassReport.NoPrediction], table.Columns.Select(column => column.Name));
        Assert.Equal([2, 0, 0, 1], table["run"].Cast<int>());
        Assert.Equal([1, 1, 0, 0], table["jump"].Cast<int>());
        Assert.Equal([1, 0, 0, 0], table["sit"].Cast<int>());
        Assert.Equal([0, 0, 1, 0], table[ClassReport.NoPrediction].Cast<int>());
    }

    [Fact]
    public void Of_equal_scores_the_earlier_class_ranks_first()
    {
        var tied = new ScoredVideo("x", "jump", [0.4, 0.4, 0.2]);
        Assert.Equal(0, tied.Best);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(tied.RankOf));
    }

    [Fact]
    public void Calibration_error_is_the_weighted_gap_of_the_bins()
    {
        // Two answers at 0.95 of which one is right, two at 0.65 both right: (|1.9 - 1| + |1.3 - 2|) / 4.
        Assert.Equal((0.9 + 0.7) / 4, Calibration.Error([(0.95, true), (0.95, false), (0.65, true), (0.65, true)], 10), 1e-12);
        Assert.Equal(0, Calibration.Error([(1, true), (0, false)], 15), 1e-12);
        Assert.True(double.IsNaN(Calibration.Error([], 15)));
    }

    [Fact]
    public void No_labels_give_no_figures_rather_than_zero()
    {
        var report = new ClassReport(new ScoredVideos(Classes, [new("a", null, [1, 0, 0])]));
        Assert.True(double.IsNaN(report.Top1));
        Assert.True(double.IsNaN(report.MeanClassAccuracy));
        Assert.Equal(3, report.PerClass().Rows.Count);
    }

    [Fact]
    public void Odd_rows_and_doubled_classes_are_refused()
    {
        Assert.Contains("'run' comes 2 times", Assert.Throws<ArgumentException>(() => new ScoredVideos(["run", "run"], [])).Message);
        Assert.Contains("a has 1 scores", Assert.Throws<ArgumentException>(() => new ScoredVideos(Classes, [new("a", null, [1])])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _report.TopK(0));
    }
}
