using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Trainers.Tests.Metrics;

public sealed class ReportVideosTests
{
    private readonly MLContext _ml = new();
    private readonly List<string> _warnings = [];

    public ReportVideosTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
        {
            _warnings.Add(e.RawMessage);
        }
    };

    [Fact]
    public void A_class_that_the_keys_do_not_know_counts_as_wrong()
    {
        var report = _ml.MulticlassClassification.ReportVideos(Scored("Label"));
        Assert.Equal((6, 0), (report.Count, report.Unlabelled));
        Assert.Equal(2 / 6.0, report.Top1, 1e-12);
        Assert.Equal(["swim"], report.Unknown);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Rows_whose_label_is_lost_are_left_out_with_a_warning()
    {
        var report = _ml.MulticlassClassification.ReportVideos(Scored("Key"), labelColumnName: "Key");
        Assert.Equal((4, 2), (report.Count, report.Unlabelled));
        Assert.Equal(0.5, report.Top1, 1e-12);
        Assert.StartsWith("2 of 6 videos have no label in column 'Key' and are left out of the report.", Assert.Single(_warnings));
    }

    [Fact]
    public void The_text_label_beside_the_key_is_counted_when_it_is_named()
    {
        var report = _ml.MulticlassClassification.ReportVideos(Scored("Key"), labelColumnName: "Label");
        Assert.Equal((6, 0), (report.Count, report.Unlabelled));
        Assert.Equal(["swim"], report.Unknown);
    }

    [Fact]
    public void An_empty_label_is_no_class()
    {
        var rows = new[] { new Row("a", "run", [1, 0]), new Row("b", "", [1, 0]) };
        var report = _ml.MulticlassClassification.ReportVideos(Keyed(rows, "Label", ["run", "jump"]));
        Assert.Equal((1, 1), (report.Count, report.Unlabelled));
        Assert.Empty(report.Unknown);
        Assert.Single(_warnings);
    }

    [Fact]
    public void Classes_that_are_numbers_are_named_as_numbers()
    {
        var known = _ml.Data.LoadFromEnumerable(new[] { new NumberRow("x", 0.5f, [1, 0]), new NumberRow("y", 1.25f, [1, 0]) });
        var test = _ml.Data.LoadFromEnumerable(new[] { new NumberRow("a", 0.5f, [1, 0]), new NumberRow("b", 2.75f, [1, 0]), new NumberRow("c", float.NaN, [1, 0]) });
        var report = _ml.MulticlassClassification.ReportVideos(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(known).Transform(test));
        Assert.Equal(["0.5", "2.75"], report.Unknown); // these scores have no class names
        Assert.Equal((2, 1), (report.Count, report.Unlabelled));
    }

    /// <summary>Two classes that the keys know and a third; two of the four videos that have a key are right.</summary>
    private IDataView Scored(string key) => Keyed(
        [
            new("a", "run", [0.9f, 0.1f]), new("b", "run", [0.2f, 0.8f]), new("c", "jump", [0.2f, 0.8f]),
            new("d", "jump", [0.9f, 0.1f]), new("e", "swim", [0.9f, 0.1f]), new("f", "swim", [0.2f, 0.8f]),
        ],
        key,
        ["run", "jump"]);

    private IDataView Keyed(Row[] rows, string key, string[] classes)
    {
        // Slot names as a classifier gives them.
        var schema = SchemaDefinition.Create(typeof(Row));
        VBuffer<ReadOnlyMemory<char>> names = new(classes.Length, [.. classes.Select(name => name.AsMemory())]);
        schema["Score"].AddAnnotation("SlotNames", names, new VectorDataViewType(TextDataViewType.Instance, classes.Length));
        var known = _ml.Data.LoadFromEnumerable(classes.Select(name => new Row("", name, [0, 0])));
        return _ml.Transforms.Conversion.MapValueToKey(key, "Label").Fit(known).Transform(_ml.Data.LoadFromEnumerable(rows, schema));
    }

    private sealed record Row(string VideoPath, string Label, [property: VectorType(2)] float[] Score);

    private sealed record NumberRow(string VideoPath, float Label, [property: VectorType(2)] float[] Score);
}
