using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Metrics;

namespace Mofo.ML.Trainers;

/// <summary>The scores of a set of videos, read once: the ground of <see cref="ClassReport"/>, <see cref="ActionMarginals"/> and the files for a leaderboard.</summary>
public sealed class ScoredVideos
{
    /// <summary>Takes scores from anywhere.</summary>
    /// <param name="classes">Class names in the order of the scores; distinct.</param>
    /// <param name="rows">The videos; each has one score per class.</param>
    /// <exception cref="ArgumentException">A class name comes twice, or a row has another number of scores; the message names it.</exception>
    public ScoredVideos(IReadOnlyList<string> classes, IReadOnlyList<ScoredVideo> rows)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(rows);
        if (classes.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(Invariant($"The class '{twice.Key}' comes {twice.Count()} times; class names must be distinct."), nameof(classes));
        }

        if (rows.FirstOrDefault(row => row.Scores.Count != classes.Count) is { } odd)
        {
            throw new ArgumentException(Invariant($"{odd.VideoPath} has {odd.Scores.Count} scores, but there are {classes.Count} classes."), nameof(rows));
        }

        (Classes, Rows) = (classes, rows);
    }

    /// <summary>Class names in the order of the scores.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The videos in the order of the data.</summary>
    public IReadOnlyList<ScoredVideo> Rows { get; }

    /// <summary>Reads a view that a classifier of any kind has scored; this is where lazy scores are computed.</summary>
    /// <param name="scored">The view.</param>
    /// <param name="labelColumnName">The true classes, key or text; null, or a name that is not there, for data without labels.</param>
    /// <param name="scoreColumnName">The scores: a vector of Single with class names as slot names.</param>
    /// <param name="videoColumnName">The video paths (text).</param>
    /// <returns>All rows.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static ScoredVideos Read(
        IDataView scored, string? labelColumnName = "Label", string scoreColumnName = "Score", string videoColumnName = "VideoPath")
    {
        ArgumentNullException.ThrowIfNull(scored);
        return new ScoredView(scored, labelColumnName, scoreColumnName, videoColumnName).Read();
    }

    /// <summary>Writes one line per video: path, label, predicted class, one column per class.</summary>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <remarks>RFC 4180, invariant numbers that read back as they were; label and prediction are empty where there is none.</remarks>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCsv(string path) => VideoTableCsv.Save(Table(), path);

    /// <summary>Writes the same table as <see cref="SaveCsv"/> as Apache Parquet, scores as doubles; a class that is called as one of the first three columns has " (class)" after its name.</summary>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveParquet(string path) => VideoTableParquet.Save(Table(), path);

    /// <summary>Name of the predicted class, null for a missing video.</summary>
    internal string? Predicted(ScoredVideo row) => row.Best is { } best ? Classes[best] : null;

    private VideoTable<double> Table() => new(
        ["VideoPath", "Label", "PredictedLabel"], Classes, [.. Rows.Select(row => new VideoTableRow<double>([row.VideoPath, row.Label, Predicted(row)], row.Scores))]);
}
