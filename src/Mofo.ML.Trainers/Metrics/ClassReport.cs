using Microsoft.Data.Analysis;
using Mofo.ML.Trainers.Metrics;

namespace Mofo.ML.Trainers;

/// <summary>How good the scores of labelled videos are: overall, class by class, and whether the probabilities can be believed.</summary>
/// <remarks>
/// Rows without a label are left out (<see cref="Unlabelled"/>). A video that could not be scored, and one whose class the classifier does not know, count
/// as wrong, as on a leaderboard. Shares are in [0, 1]; they are NaN where there is nothing to take a share of.
/// </remarks>
public sealed class ClassReport
{
    /// <summary>What stands for "no prediction" in <see cref="Confusion"/>.</summary>
    public const string NoPrediction = "(none)";

    private const string LabelColumn = "Label";

    private readonly Dictionary<string, int> _index;
    private readonly ScoredVideo[] _rows;

    /// <summary>Counts.</summary>
    /// <param name="videos">The scores.</param>
    public ClassReport(ScoredVideos videos)
    {
        ArgumentNullException.ThrowIfNull(videos);
        Videos = videos;
        _rows = [.. videos.Rows.Where(row => row.Label is not null)];
        _index = videos.Classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Unknown = [.. _rows.Select(row => row.Label!).Distinct().Where(label => !_index.ContainsKey(label)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The scores that were counted.</summary>
    public ScoredVideos Videos { get; }

    /// <summary>Videos with a label.</summary>
    public int Count => _rows.Length;

    /// <summary>Videos without a label, which no figure here counts.</summary>
    public int Unlabelled => Videos.Rows.Count - _rows.Length;

    /// <summary>Of the labelled videos, the ones that could not be scored.</summary>
    public int Missing => _rows.Count(row => row.IsMissing);

    /// <summary>Labels that are not among the classifier's classes.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>Share of videos whose best class is the label.</summary>
    public double Top1 => TopK(1);

    /// <summary>Share of videos whose label is among the five best classes.</summary>
    public double Top5 => TopK(5);

    /// <summary>Mean of the recalls of the classes that occur among the labels: every class counts alike, however rare.</summary>
    public double MeanClassAccuracy => Average(_rows.GroupBy(row => row.Label).Select(group => group.Average(row => Hit(row, 1))));

    /// <summary>Share of videos whose label is among the <paramref name="k"/> best classes; of equal scores the earlier class counts as better.</summary>
    /// <param name="k">At least 1.</param>
    /// <returns>In [0, 1], NaN without labelled videos.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
    public double TopK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return Average(_rows.Select(row => Hit(row, k)));
    }

    /// <summary>Expected calibration error: the mean gap between confidence and accuracy over bins of equal width, weighted by their videos.</summary>
    /// <param name="bins">Bins over [0, 1]; the usual 15 (Guo et al. 2017, section 2).</param>
    /// <returns>In [0, 1]; 0 for probabilities that come true as often as they say. Missing videos are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is below 1.</exception>
    public double CalibrationError(int bins = 15) =>
        Metrics.Calibration.Error(Answers(), bins);

    /// <summary>How often answers of a given confidence are right: the rows of a reliability diagram.</summary>
    /// <param name="bins">Bins of equal width over [0, 1].</param>
    /// <returns><c>From</c>, <c>To</c>, <c>Videos</c>, <c>Confidence</c> (mean) and <c>Accuracy</c> of every bin that holds a video. Missing videos are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is below 1.</exception>
    public DataFrame Calibration(int bins = 15)
    {
        var rows = Metrics.Calibration.Bins(Answers(), bins);
        return new DataFrame(
            new DoubleDataFrameColumn("From", rows.Select(row => row.From)),
            new DoubleDataFrameColumn("To", rows.Select(row => row.To)),
            new Int32DataFrameColumn("Videos", rows.Select(row => row.Videos)),
            new DoubleDataFrameColumn("Confidence", rows.Select(row => row.Confidence)),
            new DoubleDataFrameColumn("Accuracy", rows.Select(row => row.Accuracy)));
    }

    /// <summary>One row per class.</summary>
    /// <returns>
    /// <c>Class</c>, <c>Clips</c>, <c>Correct</c>, <c>Recall</c>, <c>Precision</c>, <c>F1</c>, <c>Top5</c> and <c>Confidence</c> (the mean score that the
    /// class's own videos give it). Null where there is nothing to take a share of.
    /// </returns>
    public DataFrame PerClass()
    {
        var names = Names();
        var own = _rows.ToLookup(row => row.Label);
        var predicted = _rows.ToLookup(Videos.Predicted);
        var correct = names.Select(name => own[name].Count(row => Hit(row, 1) > 0)).ToArray();
        var recall = names.Select((name, i) => Share(correct[i], own[name].Count())).ToArray();
        var precision = names.Select((name, i) => Share(correct[i], predicted[name].Count())).ToArray();
        return new DataFrame(
            new StringDataFrameColumn("Class", names),
            new Int32DataFrameColumn("Clips", names.Select(name => own[name].Count())),
            new Int32DataFrameColumn("Correct", correct),
            new DoubleDataFrameColumn("Recall", recall),
            new DoubleDataFrameColumn("Precision", precision),
            new DoubleDataFrameColumn("F1", names.Select((name, i) => Share(2 * correct[i], own[name].Count() + predicted[name].Count()))),
            new DoubleDataFrameColumn("Top5", names.Select(name => Share(own[name].Sum(row => (int)Hit(row, 5)), own[name].Count()))),
            new DoubleDataFrameColumn("Confidence", names.Select(name => Confidence([.. own[name]], name))));
    }

    /// <summary>How often a label (row) was predicted as a class (column).</summary>
    /// <returns>
    /// <c>Label</c>, one column per class, and <see cref="NoPrediction"/>; a class that is called as one of the two has " (class)" after its name. Labels that the classifier does not know have rows at the end.
    /// </returns>
    public DataFrame Confusion()
    {
        var names = Names();
        var counts = _rows.CountBy(row => (row.Label, Videos.Predicted(row))).ToDictionary();
        Int32DataFrameColumn Column(string title, string? predicted) =>
            new(title, names.Select(label => counts.GetValueOrDefault((label, predicted))));
        var titles = ClassColumns.Beside([LabelColumn, NoPrediction], Videos.Classes);
        return new DataFrame([new StringDataFrameColumn(LabelColumn, names), .. titles.Zip(Videos.Classes, Column), Column(NoPrediction, null)]);
    }

    private static double Average(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private (double Confidence, bool IsRight)[] Answers() => [.. _rows.Where(row => !row.IsMissing).Select(row => (row.Scores[row.Best!.Value], Hit(row, 1) > 0))];

    private string[] Names() => [.. Videos.Classes, .. Unknown];

    private double Hit(ScoredVideo row, int k) => _index.TryGetValue(row.Label!, out var label) && row.RankOf(label) < k ? 1 : 0;

    private double? Confidence(ScoredVideo[] rows, string name)
    {
        var known = rows.Where(row => !row.IsMissing).ToArray();
        return known.Length == 0 || !_index.TryGetValue(name, out var index) ? null : known.Average(row => row.Scores[index]);
    }
}
