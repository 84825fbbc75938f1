using Microsoft.Data.Analysis;
using Mofo.ML.Research;

namespace Mofo.ML.Transforms.Tests.MotionBoxes;

public sealed class BoxCoverageTests
{
    private static readonly BoxTrack Left = new(100, 50, [new(0, 0, 20, 50), new(10, 0, 50, 50)], 0.25f, true);
    private static readonly BoxTrack Whole = new(40, 40, [new(0, 0, 40, 40)], 0, false);

    private static DataFrame Table => BoxCoverage.PerVideo([new("left.mp4", Left), new("whole.mp4", Whole)]);

    [Fact]
    public void Every_video_has_a_row_with_its_shares()
    {
        var table = Table;
        Assert.Equal(2, table.Rows.Count);
        Assert.Equal(
            ["left.mp4", 2, 100, 50, true, 0.25f, 0.5, 1.0, 0.5, 0.3, 0.2, 0.4],
            table.Rows[0].Select(value => value is double share ? Math.Round(share, 6) : value));
        Assert.Equal(["whole.mp4", 1, 40, 40, false, 0f, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], table.Rows[1]);
    }

    [Fact]
    public void A_box_file_gives_the_same_shares_without_what_it_does_not_hold()
    {
        var boxes = new Dictionary<string, IReadOnlyList<MotionBox>> { ["left.mp4"] = Left.PerFrame };
        var row = BoxCoverage.PerVideo(boxes, _ => (100, 50)).Rows[0].ToArray();
        Assert.Null(row[4]);
        Assert.Null(row[5]);
        Assert.Equal(0.5, (double)row[8], 6);
        Assert.Throws<InvalidDataException>(() => BoxCoverage.PerVideo(boxes, _ => (0, 50)));
        Assert.Throws<InvalidDataException>(() => BoxCoverage.PerVideo(new Dictionary<string, IReadOnlyList<MotionBox>> { ["none"] = [] }, _ => (9, 9)));
    }

    [Fact]
    public void The_summary_has_mean_deviation_and_quartiles()
    {
        var area = (DoubleDataFrameColumn)BoxCoverage.Summary(Table)["UnionArea"];
        Assert.Equal(["mean", "std", "min", "25 %", "50 %", "75 %", "max"], BoxCoverage.Summary(Table)["Statistic"].Cast<string>());
        Assert.Equal([0.75, 0.353553, 0.5, 0.625, 0.75, 0.875, 1], area.Select(value => Math.Round(value!.Value, 6)));
    }

    [Fact]
    public void The_histogram_counts_every_video_once()
    {
        var histogram = BoxCoverage.Histogram(Table, bins: 4);
        Assert.Equal([0, 0, 1, 1], histogram["Videos"].Cast<int>());
        Assert.Equal([0.5, 0.5], histogram["Share"].Cast<double>().Skip(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => BoxCoverage.Histogram(Table, bins: 0));
    }

    [Fact]
    public void A_set_without_videos_has_no_rows_and_no_numbers()
    {
        var empty = BoxCoverage.PerVideo([]);
        Assert.Equal(0, empty.Rows.Count);
        Assert.All(BoxCoverage.Summary(empty)["UnionArea"].Cast<double>(), value => Assert.True(double.IsNaN(value)));
        Assert.Throws<ArgumentException>(() => BoxCoverage.Summary(new DataFrame()));
    }
}
