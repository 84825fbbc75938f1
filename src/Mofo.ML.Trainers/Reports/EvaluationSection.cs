using System.Text;
using Microsoft.Data.Analysis;

namespace Mofo.ML.Trainers.Reports;

/// <summary>Figures, table per class, confusion and calibration of scored clips.</summary>
internal static class EvaluationSection
{
    /// <summary>Above this many classes the table is folded away.</summary>
    private const int ShownOpen = 40;

    public static string Of(string name, ClassReport report)
    {
        var html = new StringBuilder();
        html.Append($"<section><h2>{HtmlText.Of(name)}</h2><div class=\"tiles\">");
        Tile(html, "top-1", HtmlText.Share(report.Top1));
        Tile(html, "top-5", HtmlText.Share(report.Top5));
        Tile(html, "mean of classes", HtmlText.Share(report.MeanClassAccuracy));
        Tile(html, "calibration error", HtmlText.Share(report.CalibrationError()));
        Tile(html, "clips", Invariant($"{report.Count}"));
        if (report.Missing > 0)
        {
            Tile(html, "could not be read", Invariant($"{report.Missing}"));
        }

        html.Append("</div>");
        AddRemarks(html, report);
        var classes = report.PerClass();
        html.Append($"<details{(classes.Rows.Count <= ShownOpen ? " open" : "")}><summary>Classes</summary>{ClassTable(classes)}</details>");
        html.Append("<div class=\"plots\">").Append(ConfusionPlot.Draw(report)).Append(CalibrationPlot.Draw(report)).Append("</div>");
        return html.Append("</section>").ToString();
    }

    private static void AddRemarks(StringBuilder html, ClassReport report)
    {
        if (report.Unknown.Count > 0)
        {
            html.Append($"<p class=\"warning\">The classifier does not know these labels; their clips count as wrong: {HtmlText.Of(string.Join(", ", report.Unknown))}.</p>");
        }

        if (report.Unlabelled > 0)
        {
            html.Append(Invariant($"<p class=\"warning\">{report.Unlabelled} clips have no label and are left out.</p>"));
        }
    }

    private static void Tile(StringBuilder html, string name, string value) =>
        html.Append($"<div class=\"tile\"><b>{value}</b><span>{HtmlText.Of(name)}</span></div>");

    private static string ClassTable(DataFrame classes)
    {
        var html = new StringBuilder("<table class=\"sortable\"><thead><tr><th>class</th><th>clips</th><th>right</th><th>recall</th><th>precision</th><th>F1</th><th>top-5</th><th>confidence</th></tr></thead><tbody>");
        for (var i = 0L; i < classes.Rows.Count; i++)
        {
            html.Append($"<tr><td>{HtmlText.Of((string)classes["Class"][i])}</td>");
            html.Append(Invariant($"<td>{(int)classes["Clips"][i]}</td><td>{(int)classes["Correct"][i]}</td>"));
            foreach (var share in new[] { "Recall", "Precision", "F1", "Top5", "Confidence" })
            {
                html.Append($"<td>{HtmlText.Share((double?)classes[share][i])}</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }
}
