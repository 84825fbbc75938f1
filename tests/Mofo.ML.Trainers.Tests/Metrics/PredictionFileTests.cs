using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet;

namespace Mofo.ML.Trainers.Tests.Metrics;

public sealed class PredictionFileTests
{
    private static readonly ScoredVideos Videos = new(["a.b", "put \"x\", slowly"],
    [
        new("one.mp4", "a.b", [0.1, 0.9]),
        new("two, three.mp4", null, [1 / 3.0, 2 / 3.0]),
        new("bad.mp4", "a.b", [double.NaN, double.NaN]),
    ]);

    [Fact]
    public void The_csv_reads_back_in_every_digit()
    {
        using var file = new TemporaryFile();
        Videos.SaveCsv(file.Path);
        Assert.Equal(
        [
            "VideoPath,Label,PredictedLabel,a.b,\"put \"\"x\"\", slowly\"",
            "one.mp4,a.b,\"put \"\"x\"\", slowly\",0.1,0.9",
            "\"two, three.mp4\",,\"put \"\"x\"\", slowly\",0.3333333333333333,0.6666666666666666",
            "bad.mp4,a.b,,NaN,NaN",
        ], File.ReadAllLines(file.Path));
    }

    [Fact]
    public void A_class_may_be_called_as_a_column_is()
    {
        using var file = new TemporaryFile();
        new ScoredVideos(["Label", "x\ny"], [new("a.mp4", "x\ny", [0.25, 0.75])]).SaveCsv(file.Path);
        Assert.Equal("VideoPath,Label,PredictedLabel,Label,\"x\ny\"\na.mp4,\"x\ny\",\"x\ny\",0.25,0.75\n", File.ReadAllText(file.Path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task The_parquet_file_holds_the_same_table()
    {
        using var file = new TemporaryFile();
        Videos.SaveParquet(file.Path);
        await using var reader = await ParquetReader.CreateAsync(file.Path, null, CancellationToken.None);
        var fields = reader.Schema.GetDataFields();
        Assert.Equal(["VideoPath", "Label", "PredictedLabel", .. Videos.Classes], fields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        var texts = new string?[3][];
        for (var i = 0; i < 3; i++)
        {
            texts[i] = new string?[3];
            await group.ReadAsync(fields[i], texts[i]!, null, CancellationToken.None);
        }

        Assert.Equal(Videos.Rows.Select(row => row.VideoPath), texts[0]);
        Assert.Equal(["a.b", null, "a.b"], texts[1]);
        Assert.Equal([Videos.Classes[1], Videos.Classes[1], null], texts[2]);
        for (var k = 0; k < 2; k++)
        {
            var scores = new double[3];
            await group.ReadAsync<double>(fields[3 + k], scores, null, CancellationToken.None);
            Assert.Equal(Videos.Rows.Select(row => row.Scores[k]), scores);
        }
    }

    [Fact]
    public void A_scored_view_is_read_with_its_class_names()
    {
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable([
            new Row { VideoPath = "a", Label = "left", Score = [0.25f, 0.75f] },
            new Row { VideoPath = "b", Label = "", Score = [1, 0] },
        ]);
        var text = ScoredVideos.Read(rows);
        Assert.Equal(["0", "1"], text.Classes);
        Assert.Equal(["left", null], text.Rows.Select(row => row.Label));
        Assert.Equal([0.25, 0.75], text.Rows[0].Scores);

        var key = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        Assert.Equal("left", ml.MulticlassClassification.ReportVideos(key).Videos.Rows[0].Label);
        Assert.Contains("no column 'Scores'", Assert.Throws<ArgumentException>(() => ScoredVideos.Read(rows, scoreColumnName: "Scores")).Message);
        Assert.Contains("'VideoPath' is String", Assert.Throws<ArgumentException>(() => ScoredVideos.Read(rows, scoreColumnName: "VideoPath")).Message);
    }

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        public string Label { get; set; } = "";

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }
}
