using PaperInSmall;

namespace Mofo.ML.EndToEnd.Tests.Paper;

public sealed class ResultTableTests
{
    private static readonly ResultTable Table = new(
        ["a", "b"],
        [.. new[] { 0.5, 0.6, 0.7 }.Select((top1, i) => new CellResult("a", "MOFO†", i + 1, i + 1, top1, top1, 0.1, 20, 0.5, 3)), new CellResult("b", "scratch", 0, 1, 0.25, 0.2, 0.1, 20, 0.5, 3)],
        new Dictionary<string, (double, double)> { ["a"] = (0.4, 0.55), ["b"] = (0.2, 0.3) });

    [Fact]
    public void Rows_are_the_papers_with_mean_and_sample_deviation()
    {
        var lines = Table.Markdown().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("| row | a | b |", lines[0]);
        Assert.Equal("| scratch |  | 0.250 (1) |", lines[2]);
        Assert.Equal("| MOFO† | 0.600 ± 0.100 (3) |  |", lines[3]);
        Assert.Equal("| ridge on frame differences | 0.550 | 0.300 |", lines[4]);
        Assert.Equal(6, lines.Length);
    }

    [Fact]
    public void The_csv_has_a_line_per_cell() =>
        Assert.Equal("a,\"MOFO†\",1,1,0.5000,0.5000,0.1000,20,0.5000,3", Table.Csv().Split('\n')[1]);
}
