using Mofo.ML.Trainers;

namespace Microsoft.ML;

/// <summary>Metrics of action recognition beside <c>mlContext.MulticlassClassification.Evaluate</c>.</summary>
public static class MofoMetricsCatalog
{
    /// <summary>Top-1, top-5, mean class accuracy, calibration, and the tables per class and of confusions.</summary>
    /// <param name="catalog">The multiclass catalog.</param>
    /// <param name="scored">A scored view; read once.</param>
    /// <param name="labelColumnName">Name of the label column (key or text).</param>
    /// <param name="scoreColumnName">Name of the score column (vector of Single with class names as slot names).</param>
    /// <param name="videoColumnName">Name of the column with the video paths (text).</param>
    /// <returns>The report; its <see cref="ClassReport.Videos"/> can be saved for a leaderboard.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static ClassReport ReportVideos(
        this MulticlassClassificationCatalog catalog,
        IDataView scored,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string videoColumnName = "VideoPath")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(labelColumnName);
        return new ClassReport(ScoredVideos.Read(scored, labelColumnName, scoreColumnName, videoColumnName));
    }
}
