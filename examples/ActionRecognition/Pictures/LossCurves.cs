using OpenCvSharp;

namespace ActionRecognition.Pictures;

/// <summary>The losses of one stage of training: one value per step, and the number of steps in an epoch.</summary>
internal sealed record LossSeries(string Title, IReadOnlyList<double> PerStep, int StepsPerEpoch);

/// <summary>Draws loss curves side by side: every step faintly, the mean of each epoch strongly.</summary>
internal static class LossCurves
{
    private const int PlotWidth = 460;
    private const int PlotHeight = 300;
    private const int Left = 70;
    private const int Top = 40;
    private const int Bottom = 50;

    private static readonly Scalar StepColour = Canvas.Rgb(176, 205, 235);
    private static readonly Scalar EpochColour = Canvas.Rgb(25, 95, 170);

    /// <summary>Writes the curves as PNG.</summary>
    public static void Save(IReadOnlyList<LossSeries> series, string path)
    {
        var panel = Left + PlotWidth + 30;
        using var canvas = new Canvas(panel * series.Count, Top + PlotHeight + Bottom);
        for (var i = 0; i < series.Count; i++)
        {
            Draw(canvas, series[i], new Rect((i * panel) + Left, Top, PlotWidth, PlotHeight));
        }

        canvas.Save(path);
    }

    private static void Draw(Canvas canvas, LossSeries series, Rect plot)
    {
        var steps = series.PerStep;
        var epochs = Math.Max(1.0, (double)steps.Count / series.StepsPerEpoch);
        var ticks = Ticks(steps.Min(), steps.Max());
        var (low, high) = (ticks[0], ticks[^1]);
        Point At(double epoch, double loss) => new(
            plot.X + (plot.Width * epoch / epochs), plot.Bottom - (plot.Height * (loss - low) / (high - low)));

        canvas.Text(series.Title, plot.X + (plot.Width / 2.0), plot.Y - 14, size: 0.55, anchor: 0.5);
        foreach (var tick in ticks)
        {
            var y = At(0, tick).Y;
            canvas.Line(plot.X, y, plot.Right, y, Canvas.Faint);
            canvas.Text(tick.ToString("0.####"), plot.X - 8, y + 5, anchor: 1);
        }

        foreach (var tick in Ticks(0, epochs).Where(t => t <= epochs))
        {
            canvas.Text(tick.ToString("0.##"), At(tick, low).X, plot.Bottom + 18, anchor: 0.5);
        }

        canvas.Text("epoch", plot.X + (plot.Width / 2.0), plot.Bottom + 38, anchor: 0.5);
        canvas.Polyline(steps.Select((loss, i) => At((i + 0.5) / series.StepsPerEpoch, loss)), StepColour, thickness: 1);
        var means = steps.Chunk(series.StepsPerEpoch).Select((chunk, i) => At(i + 0.5, chunk.Average()));
        canvas.Polyline(means, EpochColour, thickness: 2);
        canvas.Frame(plot, Canvas.Ink);
    }

    /// <summary>Four to nine round numbers that span a range.</summary>
    private static double[] Ticks(double low, double high)
    {
        var rough = Math.Max(high - low, 1e-9) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { < 2 => 1, < 5 => 2, _ => 5 });
        var (first, last) = (Math.Floor(low / step), Math.Ceiling(high / step));
        return [.. Enumerable.Range(0, (int)(Math.Max(last, first + 1) - first) + 1).Select(i => (first + i) * step)];
    }
}
