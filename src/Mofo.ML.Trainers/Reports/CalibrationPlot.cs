namespace Mofo.ML.Trainers.Reports;

/// <summary>The reliability diagram (Guo et al. 2017, figure 1): accuracy over confidence, with the line on which probabilities come true.</summary>
internal static class CalibrationPlot
{
    public static string Draw(ClassReport report)
    {
        var bins = report.Calibration();
        (double, double)[] points = [.. Enumerable.Range(0, (int)bins.Rows.Count).Select(i => ((double)bins["Confidence"][i], (double)bins["Accuracy"][i]))];
        return points.Length == 0 ? "" : LinePlot.Draw("Calibration", "confidence", [new("accuracy", "first", points), new("perfectly calibrated", "limit", [(0, 0), (1, 1)])]);
    }
}
