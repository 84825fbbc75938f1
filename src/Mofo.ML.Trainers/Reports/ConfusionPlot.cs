using System.Text;

namespace Mofo.ML.Trainers.Reports;

/// <summary>The confusion matrix as SVG: a row for each label, a column for each predicted class. Cells without a clip are not drawn, so that many classes stay a small file.</summary>
internal static class ConfusionPlot
{
    private const double Side = 480, Top = 34;

    /// <summary>Names and counts are written where cells have room for them.</summary>
    private const double RoomForText = 15;

    public static string Draw(ClassReport report)
    {
        var counts = report.Confusion();
        // The first column is the label. Columns are taken by number: a class may be called "Label".
        var labels = Enumerable.Range(0, (int)counts.Rows.Count).Select(i => (string)counts.Columns[0][i]).ToList();
        var columns = Enumerable.Range(1, counts.Columns.Count - 1).Where(k => k < counts.Columns.Count - 1 || report.Missing > 0).ToList();
        if (labels.Count == 0)
        {
            return "";
        }

        var cell = Math.Clamp(Side / Math.Max(labels.Count, columns.Count), 2, 44);
        var left = cell >= RoomForText ? 12 + (6.4 * Math.Min(28, labels.Max(label => label.Length) + 4)) : 12;
        var (width, height) = (Math.Max(left + (cell * columns.Count) + 12, 400), Top + 18 + (cell * labels.Count) + 12);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg class=\"plot confusion\" style=\"max-width: {HtmlText.Length(width)}px\" viewBox=\"0 0 {HtmlText.Length(width)} {HtmlText.Length(height)}\" role=\"img\" aria-label=\"Confusion\">"));
        svg.Append("<text class=\"title\" x=\"12\" y=\"16\">Confusion: rows are labels, columns predictions</text>");
        for (var row = 0; row < labels.Count; row++)
        {
            var y = Top + 18 + (row * cell);
            var total = Math.Max(1, columns.Sum(k => (int)counts.Columns[k][row]));
            if (cell >= RoomForText)
            {
                svg.Append(Invariant($"<text class=\"tick\" text-anchor=\"end\" x=\"{HtmlText.Length(left - 6)}\" y=\"{HtmlText.Length(y + (cell / 2) + 4)}\">{HtmlText.Of(Short(labels[row]))} {row + 1}</text>"));
            }

            for (var column = 0; column < columns.Count; column++)
            {
                AddCell(svg, left + (column * cell), y, cell, (int)counts.Columns[columns[column]][row], total, labels[row], counts.Columns[columns[column]].Name);
            }
        }

        for (var column = 0; column < columns.Count && cell >= RoomForText; column++)
        {
            var name = column < labels.Count && columns[column] < counts.Columns.Count - 1 ? Invariant($"{column + 1}") : "none";
            svg.Append(Invariant($"<text class=\"tick\" text-anchor=\"middle\" x=\"{HtmlText.Length(left + ((column + 0.5) * cell))}\" y=\"{HtmlText.Length(Top + 10)}\">{name}</text>"));
        }

        svg.Append(Invariant($"<rect class=\"frame\" x=\"{HtmlText.Length(left)}\" y=\"{Top + 18}\" width=\"{HtmlText.Length(cell * columns.Count)}\" height=\"{HtmlText.Length(cell * labels.Count)}\"/>"));
        return svg.Append("</svg>").ToString();
    }

    private static void AddCell(StringBuilder svg, double x, double y, double cell, int count, int total, string label, string predicted)
    {
        if (count == 0)
        {
            return;
        }

        var style = label == predicted ? "right" : "wrong";
        svg.Append(Invariant($"<rect class=\"{style}\" x=\"{HtmlText.Length(x)}\" y=\"{HtmlText.Length(y)}\" width=\"{HtmlText.Length(cell)}\" height=\"{HtmlText.Length(cell)}\" fill-opacity=\"{HtmlText.Length(0.12 + (0.88 * count / total))}\">"));
        svg.Append(Invariant($"<title>{HtmlText.Of(label)}: {count} of {total} taken for {HtmlText.Of(predicted)}</title></rect>"));
        if (cell >= RoomForText)
        {
            svg.Append(Invariant($"<text class=\"{(count * 2 > total ? "count light" : "count")}\" text-anchor=\"middle\" x=\"{HtmlText.Length(x + (cell / 2))}\" y=\"{HtmlText.Length(y + (cell / 2) + 4)}\">{count}</text>"));
        }
    }

    private static string Short(string label) => label.Length <= 26 ? label : label[..25] + "…";
}
