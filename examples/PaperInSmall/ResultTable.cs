using System.Globalization;
using System.Text;

namespace PaperInSmall;

/// <summary>All cells as one table: mean and spread over the seeds.</summary>
/// <param name="Sets">Data sets, as columns.</param>
/// <param name="Cells">All results.</param>
/// <param name="Baselines">Per set, the accuracy of the most frequent class and of a ridge classifier on frame differences.</param>
internal sealed record ResultTable(
    IReadOnlyList<string> Sets, IReadOnlyList<CellResult> Cells, IReadOnlyDictionary<string, (double Majority, double Ridge)> Baselines)
{
    /// <summary>Top-1 as "mean ± sample deviation (runs)", rows as in the paper, baselines below.</summary>
    public string Markdown()
    {
        var text = new StringBuilder($"| row | {string.Join(" | ", Sets)} |\n|---|{string.Concat(Sets.Select(_ => "---|"))}\n");
        foreach (var row in PaperRow.All.Where(row => Cells.Any(cell => cell.Row == row.Name)))
        {
            Line(text, row.Name, set => Spread([.. Cells.Where(cell => cell.Row == row.Name && cell.Set == set).Select(cell => cell.Top1)]));
        }

        Line(text, "ridge on frame differences", set => Number(Baselines[set].Ridge));
        Line(text, "most frequent class", set => Number(Baselines[set].Majority));
        return text.ToString();
    }

    /// <summary>One line per cell.</summary>
    public string Csv()
    {
        var lines = Cells.Select(c => string.Create(
            CultureInfo.InvariantCulture,
            $"{c.Set},\"{c.Row}\",{c.PretrainingSeed},{c.Seed},{c.Top1:0.0000},{c.MeanClass:0.0000},{c.Calibration:0.0000},{c.Clips},{c.Loss:0.0000},{c.Seconds:0}"));
        return string.Join('\n', lines.Prepend("set,row,pretraining_seed,seed,top1,mean_class_accuracy,calibration_error,clips,loss,seconds")) + "\n";
    }

    /// <summary>Mean and sample standard deviation; one run has no spread.</summary>
    public static string Spread(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return "";
        }

        var mean = values.Average();
        return values.Count == 1
            ? $"{Number(mean)} (1)"
            : $"{Number(mean)} ± {Number(Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)))} ({values.Count})";
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private void Line(StringBuilder text, string title, Func<string, string> cell) =>
        text.Append(CultureInfo.InvariantCulture, $"| {title} | {string.Join(" | ", Sets.Select(cell))} |\n");
}
