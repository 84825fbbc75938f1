using System.Globalization;
using System.Text;

namespace Mofo.ML.Trainers.Reports;

/// <summary>A line in a plot.</summary>
/// <param name="Name">For the legend; empty for none.</param>
/// <param name="Style">Class in report.css.</param>
/// <param name="Points">Points from left to right.</param>
internal sealed record PlotLine(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over two axes as SVG.</summary>
/// <remarks>ScottPlot, the usual package, needs SkiaSharp 3, which ML.NET 5.0 cannot be used with (docs/packages.md); a few lines of SVG need no package.</remarks>
internal static class LinePlot
{
    private const double Width = 460, Height = 260, Left = 58, Right = 12, Top = 30, Bottom = 40;

    /// <summary>The style of a line to compare with.</summary>
    private const string Limit = "limit";

    /// <summary>Few points are marked: a single one is no line.</summary>
    private const int MostMarked = 20;

    public static string Draw(string title, string xName, IReadOnlyList<PlotLine> lines)
    {
        var points = lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList();
        if (points.Count == 0)
        {
            return "";
        }

        var (xTicks, yTicks) = (PlotTicks.Of(points.Min(p => p.X), points.Max(p => p.X)), PlotTicks.Of(points.Min(p => p.Y), points.Max(p => p.Y)));
        var lowX = points.Min(p => p.X);
        var highX = Math.Max(points.Max(p => p.X), lowX + 1e-9);
        double X(double x) => Left + ((Width - Left - Right) * (x - lowX) / (highX - lowX));
        double Y(double y) => Height - Bottom - ((Height - Top - Bottom) * (y - yTicks[0]) / (yTicks[^1] - yTicks[0]));

        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg class=\"plot\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{HtmlText.Of(title)}\">"));
        svg.Append(Invariant($"<text class=\"title\" x=\"{Left}\" y=\"16\">{HtmlText.Of(title)}</text>"));
        foreach (var tick in yTicks)
        {
            svg.Append(Invariant($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{HtmlText.Length(Y(tick))}\" y2=\"{HtmlText.Length(Y(tick))}\"/>"));
            svg.Append(Invariant($"<text class=\"tick\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{HtmlText.Length(Y(tick) + 4)}\">{Number(tick)}</text>"));
        }

        foreach (var tick in xTicks.Where(tick => tick >= lowX && tick <= highX))
        {
            svg.Append(Invariant($"<text class=\"tick\" text-anchor=\"middle\" x=\"{HtmlText.Length(X(tick))}\" y=\"{Height - Bottom + 16}\">{Number(tick)}</text>"));
        }

        svg.Append(Invariant($"<text class=\"tick\" text-anchor=\"middle\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\">{HtmlText.Of(xName)}</text>"));
        foreach (var line in lines)
        {
            var path = string.Join(' ', line.Points.Where(p => double.IsFinite(p.Y)).Select(p => $"{HtmlText.Length(X(p.X))},{HtmlText.Length(Y(p.Y))}"));
            svg.Append($"<polyline class=\"{line.Style}\" points=\"{path}\"/>");
            foreach (var point in line.Points.Where(p => double.IsFinite(p.Y) && line.Points.Count <= MostMarked && line.Style != Limit))
            {
                svg.Append($"<circle class=\"{line.Style}\" cx=\"{HtmlText.Length(X(point.X))}\" cy=\"{HtmlText.Length(Y(point.Y))}\" r=\"3\"/>");
            }
        }

        Legend(svg, [.. lines.Where(line => line.Name.Length > 0)]);
        return svg.Append("</svg>").ToString();
    }

    private static void Legend(StringBuilder svg, IReadOnlyList<PlotLine> named)
    {
        var x = Width - Right;
        foreach (var line in named.Reverse())
        {
            // About the width of the text; SVG has no way to ask.
            x -= (line.Name.Length * 6.2) + 30;
            svg.Append(Invariant($"<polyline class=\"{line.Style}\" points=\"{HtmlText.Length(x)},12 {HtmlText.Length(x + 18)},12\"/>"));
            svg.Append(Invariant($"<text class=\"tick\" x=\"{HtmlText.Length(x + 22)}\" y=\"16\">{HtmlText.Of(line.Name)}</text>"));
        }
    }

    private static string Number(double value) => Math.Abs(value) is > 0 and < 1e-3
        ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
        : value.ToString("0.####", CultureInfo.InvariantCulture);
}
