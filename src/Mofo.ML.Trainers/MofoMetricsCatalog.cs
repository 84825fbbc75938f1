using Mofo.ML.Trainers;
using Mofo.ML.Transforms.MlNetBridge;

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
    /// <remarks>
    /// A class that <c>MapValueToKey</c> did not see when it was fitted has no key. Where the label column was mapped in place, the label before the mapping
    /// is still there and the video counts as wrong, under its name in <see cref="ClassReport.Unknown"/>. Otherwise such a video has no label for the report:
    /// it is left out, and the log warns with the number. Keep the text label and name it as <paramref name="labelColumnName"/> to have it counted.
    /// </remarks>
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
        var report = new ClassReport(ScoredVideos.Read(scored, labelColumnName, scoreColumnName, videoColumnName));
        if (report.Unlabelled > 0)
        {
            new StageHost(StageHost.EnvironmentOf(catalog), nameof(ReportVideos)).Warning(
                Invariant($"{report.Unlabelled} of {report.Videos.Rows.Count} videos have no label in column '{labelColumnName}' and are left out of the report. ")
                + "A class that was not there when the labels became keys has no key: give the column with its name instead.");
        }

        return report;
    }
}
