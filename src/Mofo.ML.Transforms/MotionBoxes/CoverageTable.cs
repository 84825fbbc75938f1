using Microsoft.Data.Analysis;
using Mofo.ML.Research;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The columns of <see cref="BoxCoverage"/>'s table, filled row by row.</summary>
internal sealed class CoverageTable
{
    public const string UnionWidth = "UnionWidth";
    public const string UnionHeight = "UnionHeight";
    public const string UnionArea = "UnionArea";
    public const string FrameArea = "FrameArea";

    private readonly StringDataFrameColumn _video = new(BoxCoverage.VideoColumn, 0);
    private readonly Int32DataFrameColumn _frames = new("Frames");
    private readonly Int32DataFrameColumn _width = new("FrameWidth");
    private readonly Int32DataFrameColumn _height = new("FrameHeight");
    private readonly BooleanDataFrameColumn _found = new("MotionFound");
    private readonly SingleDataFrameColumn _strength = new("MotionStrength");
    private readonly DoubleDataFrameColumn _unionWidth = new(UnionWidth);
    private readonly DoubleDataFrameColumn _unionHeight = new(UnionHeight);
    private readonly DoubleDataFrameColumn _unionArea = new(UnionArea);
    private readonly DoubleDataFrameColumn _frameArea = new(FrameArea);
    private readonly DoubleDataFrameColumn _least = new("FrameAreaLeast");
    private readonly DoubleDataFrameColumn _most = new("FrameAreaMost");

    public void Add(string video, int width, int height, IReadOnlyList<MotionBox> boxes, MotionBox union, bool? found, float? strength)
    {
        var whole = width * (double)height;
        var areas = boxes.Select(box => box.Area / whole).ToArray();
        _video.Append(video);
        _frames.Append(boxes.Count);
        _width.Append(width);
        _height.Append(height);
        _found.Append(found);
        _strength.Append(strength);
        _unionWidth.Append(union.Width / width);
        _unionHeight.Append(union.Height / height);
        _unionArea.Append(union.Area / whole);
        _frameArea.Append(areas.Average());
        _least.Append(areas.Min());
        _most.Append(areas.Max());
    }

    public DataFrame ToDataFrame() => new(
        _video, _frames, _width, _height, _found, _strength, _unionWidth, _unionHeight, _unionArea, _frameArea, _least, _most);

    /// <summary>The values of a share column.</summary>
    /// <exception cref="ArgumentException">The table has no such column of numbers.</exception>
    public static double[] Values(DataFrame perVideo, string column) => perVideo.Columns.FirstOrDefault(c => c.Name == column) is DoubleDataFrameColumn values
        ? [.. values.Select(value => value ?? double.NaN)]
        : throw new ArgumentException($"The table has no column '{column}' of Double; it must be made by {nameof(BoxCoverage)}.{nameof(BoxCoverage.PerVideo)}.", nameof(perVideo));
}

/// <summary>Mean, standard deviation (of the sample), extremes and quartiles (linear between values).</summary>
internal static class ShareStatistics
{
    public static IReadOnlyList<string> Names { get; } = ["mean", "std", "min", "25 %", "50 %", "75 %", "max"];

    public static double[] Of(double[] values)
    {
        if (values.Length == 0)
        {
            return [.. Names.Select(_ => double.NaN)];
        }

        var sorted = values.Order().ToArray();
        var mean = sorted.Average();
        var deviation = sorted.Length > 1 ? Math.Sqrt(sorted.Sum(v => (v - mean) * (v - mean)) / (sorted.Length - 1)) : double.NaN;
        return [mean, deviation, sorted[0], Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75), sorted[^1]];
    }

    private static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        return sorted[below] + ((at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
