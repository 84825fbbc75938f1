namespace Mofo.ML.Trainers.Reports;

/// <summary>Round numbers along an axis.</summary>
internal static class PlotTicks
{
    /// <summary>Four to nine multiples of 1, 2 or 5 times a power of ten that span a range.</summary>
    public static double[] Of(double low, double high)
    {
        var rough = Math.Max(high - low, 1e-9) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { < 2 => 1, < 5 => 2, _ => 5 });
        var (first, last) = (Math.Floor(low / step), Math.Ceiling(high / step));
        return [.. Enumerable.Range(0, (int)(Math.Max(last, first + 1) - first) + 1).Select(i => (first + i) * step)];
    }
}
