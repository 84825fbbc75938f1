namespace Mofo.ML.Trainers.Reports;

/// <summary>Wrong answers, the surest first.</summary>
internal static class WorstMistakes
{
    /// <returns>The path of each clip, and a line on what was said of it.</returns>
    public static IEnumerable<KeyValuePair<string, string>> Of(ClassReport report)
    {
        var classes = report.Videos.Classes;
        return report.Videos.Rows
            .Where(row => row.Label is not null && row.Best is { } best && classes[best] != row.Label)
            .OrderByDescending(row => row.Scores[row.Best!.Value])
            .Select(row => KeyValuePair.Create(row.VideoPath, Describe(row, classes)));
    }

    private static string Describe(ScoredVideo row, IReadOnlyList<string> classes)
    {
        var own = classes.Index().Where(pair => pair.Item == row.Label).Select(pair => (double?)row.Scores[pair.Index]).FirstOrDefault();
        var given = own is { } score ? Invariant($" ({score:0.00})") : " (not among the classes)";
        return Invariant($"label {row.Label}{given}, predicted {classes[row.Best!.Value]} ({row.Scores[row.Best.Value]:0.00})");
    }
}
