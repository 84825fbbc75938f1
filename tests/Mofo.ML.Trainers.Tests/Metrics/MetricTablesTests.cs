using Microsoft.Data.Analysis;
using Parquet;

namespace Mofo.ML.Trainers.Tests.Metrics;

/// <summary>Tables of metrics as files: the same values, nulls included, in both formats.</summary>
public sealed class MetricTablesTests
{
    /// <summary>No video has class c, so it has no recall; no video is predicted as b, so it has no precision.</summary>
    private static readonly ClassReport Report = new(new ScoredVideos(
        ["a", "b", "c"], [new("1.mp4", "a", [0.5, 0.25, 0.25]), new("2.mp4", "b", [0.5, 0.375, 0.125]), new("3.mp4", "unknown", [0.25, 0.25, 0.5])]));

    public static TheoryData<string> Tables => ["classes", "confusion", "calibration"];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task The_parquet_file_holds_the_same_table(string name)
    {
        var table = Table(name);
        using var file = new TemporaryFile();
        table.SaveParquet(file.Path);
        await using var reader = await ParquetReader.CreateAsync(file.Path, null, CancellationToken.None);
        var fields = reader.Schema.GetDataFields();
        Assert.Equal(table.Columns.Select(column => column.Name), fields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        foreach (var (column, field) in table.Columns.Zip(fields))
        {
            Assert.Equal(column.Cast<object?>(), await Values(group, field, (int)table.Rows.Count));
        }
    }

    [Fact]
    public void A_share_of_nothing_is_an_empty_field()
    {
        using var file = new TemporaryFile();
        Report.PerClass().SaveCsv(file.Path);
        var lines = File.ReadAllLines(file.Path);
        Assert.Equal("Class,Clips,Correct,Recall,Precision,F1,Top5,Confidence", lines[0]);
        Assert.StartsWith("b,1,0,0,,0,1,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("c,0,0,,0,0,,", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_may_be_called_as_a_column_is()
    {
        var scored = new ScoredVideos(["Label", "VideoPath"], [new("a.mp4", "VideoPath", [0.25, 0.75])]);
        var confusion = new ClassReport(scored).Confusion();
        Assert.Equal(["Label", "Label (class)", "VideoPath", ClassReport.NoPrediction], confusion.Columns.Select(column => column.Name));
        using var file = new TemporaryFile();
        confusion.SaveParquet(file.Path);
        scored.SaveParquet(file.Path);
    }

    [Fact]
    public void A_column_of_another_type_is_named_and_no_file_is_written()
    {
        using var file = new TemporaryFile();
        var error = Assert.Throws<ArgumentException>(() => new DataFrame(new SingleDataFrameColumn("Rate", [1f])).SaveParquet(file.Path));
        Assert.StartsWith("Column 'Rate' holds Single", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file.Path));
    }

    private static DataFrame Table(string name) => name switch
    {
        "classes" => Report.PerClass(),
        "confusion" => Report.Confusion(),
        _ => Report.Calibration(3),
    };

    private static async Task<IEnumerable<object?>> Values(ParquetRowGroupReader group, Parquet.Schema.DataField field, int rows)
    {
        if (field.ClrType != typeof(int) && field.ClrType != typeof(double))
        {
            var texts = new string?[rows];
            await group.ReadAsync(field, texts!, null, CancellationToken.None);
            return texts;
        }

        return field.ClrType == typeof(int) ? await Numbers<int>(group, field, rows) : await Numbers<double>(group, field, rows);
    }

    private static async Task<IEnumerable<object?>> Numbers<T>(ParquetRowGroupReader group, Parquet.Schema.DataField field, int rows)
        where T : struct
    {
        var numbers = new T?[rows];
        await group.ReadAsync<T>(field, numbers, null, CancellationToken.None);
        return numbers.Cast<object?>();
    }
}
