using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Tests.Synthetic;

namespace Mofo.ML.Transforms.Tests.Detection;

/// <summary>The columns of the stage beside the boxes, several pairs of columns, and what is said where a column is missing.</summary>
public sealed class MotionColumnsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Motion_found_and_its_strength_are_columns_where_their_names_are_given()
    {
        var options = Named();
        options.OnBadVideo = BadVideoHandling.Skip;
        var rows = _ml.Data.LoadFromEnumerable([new Row { VideoPath = Moving() }, new Row { VideoPath = Still() }, new Row { VideoPath = _folder.PathOf("absent.mp4") }]);
        var estimator = _ml.Transforms.DetectMotion(options);
        var model = estimator.Fit(rows);
        _ml.Model.Save(model, rows.Schema, _folder.PathOf("columns.zip"));
        foreach (var stage in new[] { model, new MLContext().Model.Load(_folder.PathOf("columns.zip"), out _) })
        {
            var view = stage.Transform(rows);
            Assert.Equal([true, false, false], view.GetColumn<bool>("Moves"));
            var strength = view.GetColumn<float>("HowMuch").ToList();
            Assert.True(strength[0] > options.MinimumMotion && strength[1] < options.MinimumMotion, string.Join(", ", strength));
            Assert.True(float.IsNaN(strength[2]));
            Assert.Equal(14 * 4, view.GetColumn<float[]>("MotionBoxes").First().Length);
        }

        // A chain plans the schema of all its stages before it fits the first.
        var chain = estimator.Append(_ml.Transforms.Conversion.ConvertType("Numbers", "Moves")).Append(_ml.Transforms.Concatenate("All", "Numbers", "HowMuch"));
        Assert.Equal(1, chain.Fit(rows).Transform(rows).GetColumn<float[]>("All").First()[0]);
        Assert.DoesNotContain(_ml.Transforms.DetectMotion().Fit(rows).GetOutputSchema(rows.Schema), column => column.Name.Contains("Found", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_cannot_be_used_are_refused()
    {
        Assert.Contains("both 'Same'", Refused(new() { MotionFoundColumnName = "Same", MotionStrengthColumnName = "Same" }));
        Assert.Contains("MotionFoundColumnName is blank", Refused(new() { MotionFoundColumnName = " " }));
        Assert.Contains("MotionStrengthColumnName is blank", Refused(new() { MotionStrengthColumnName = "" }));
        Assert.Contains("the name of the box column", Refused(new() { MotionStrengthColumnName = "MotionBoxes" }));
        Assert.Contains(
            "there are 2 pairs of columns",
            Assert.Throws<MofoOptionsException>(() => _ml.Transforms.DetectMotion([new("A", "VideoPath"), new("B", "Other")], Named())).Message);
        string Refused(MotionDetectionOptions options) => Assert.Throws<MofoOptionsException>(() => _ml.Transforms.DetectMotion(options)).Message;
    }

    [Fact]
    public void Several_videos_of_a_row_are_detected_by_pairs_of_columns()
    {
        var rows = _ml.Data.LoadFromEnumerable([new Row { VideoPath = Moving(), Other = Still() }]);
        var expected = (Boxes(_ml.Transforms.DetectMotion().Fit(rows), "MotionBoxes"), Boxes(_ml.Transforms.DetectMotion("MotionBoxes", "Other").Fit(rows), "MotionBoxes"));
        var estimator = _ml.Transforms.DetectMotion([new("First", "VideoPath"), new("Second", "Other")]);
        var model = estimator.Fit(rows);
        Assert.Equal(expected, (Boxes(model, "First"), Boxes(model, "Second")));
        Assert.NotNull(estimator.Append(_ml.Transforms.Concatenate("Copies", "First", "Second")).Fit(rows));

        _ml.Model.Save(model, rows.Schema, _folder.PathOf("pairs.zip"));
        var loaded = new MLContext().Model.Load(_folder.PathOf("pairs.zip"), out _);
        Assert.Equal(expected, (Boxes(loaded, "First"), Boxes(loaded, "Second")));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Found>(loaded);
        var found = engine.Predict(new Row { VideoPath = Moving(), Other = Still() });
        Assert.Equal(expected, (string.Join(' ', found.First), string.Join(' ', found.Second)));

        var maps = _ml.Transforms.ExtractMotionMap([new("FirstMap", "VideoPath"), new("SecondMap", "Other")]).Fit(rows).Transform(rows);
        Assert.All(new[] { "FirstMap", "SecondMap" }, name => Assert.NotNull(maps.Schema.GetColumnOrNull(name)));

        string Boxes(ITransformer stage, string column) => string.Join(' ', stage.Transform(rows).GetColumn<float[]>(column).Single());
    }

    [Fact]
    public void Pairs_are_checked_before_any_work()
    {
        Assert.Contains("There is no pair", Assert.Throws<ArgumentException>(() => _ml.Transforms.DetectMotion([])).Message);
        Assert.Contains("have the output column 'A'", Assert.Throws<ArgumentException>(() => _ml.Transforms.ExtractMotionMap([new("A", "VideoPath"), new("A", "Other")])).Message);
    }

    [Fact]
    public void A_missing_column_is_named_with_what_makes_it()
    {
        var rows = _ml.Data.LoadFromEnumerable([new Row { VideoPath = "none.mp4" }]);
        var clips = _ml.Transforms.LoadMofoClips(MlNetBridge.DescribedModel.Write(_folder.PathOf("model.onnx")));
        foreach (var error in new[]
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => clips.Fit(rows)),
            Assert.Throws<ArgumentOutOfRangeException>(() => clips.Append(_ml.Transforms.CopyColumns("Copy", "Clips")).Fit(rows)), // planned before it is fitted
        })
        {
            Assert.Contains("Could not find motion column 'MotionBoxes'. Put mlContext.Transforms.DetectMotion() before this stage", error.Message);
        }

        var video = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DetectMotion("MotionBoxes", "Absent").Fit(rows));
        Assert.Contains("Could not find video column 'Absent'. mlContext.Data.LoadVideoList", video.Message);
    }

    [Fact]
    public void A_detector_that_was_saved_when_it_knew_one_pair_alone_loads()
    {
        var rows = _ml.Data.LoadFromEnumerable([new Row { VideoPath = Moving() }]);
        var model = _ml.Transforms.DetectMotion().Fit(rows);
        _ml.Model.Save(model, rows.Schema, _folder.PathOf("new.zip"));
        var before = ModelZip.EditStages(_folder.PathOf("new.zip"), _folder.PathOf("old.zip"), json =>
        {
            var state = json["State"]!.AsObject();
            Assert.True(state.Remove("Others"));
            Assert.True(state["Options"]!.AsObject().Remove("MotionFoundColumnName") && state["Options"]!.AsObject().Remove("MotionStrengthColumnName"));
        });
        Assert.Equal(
            model.Transform(rows).GetColumn<float[]>("MotionBoxes").Single(),
            new MLContext().Model.Load(before, out _).Transform(rows).GetColumn<float[]>("MotionBoxes").Single());
    }

    private static MotionDetectionOptions Named() => new() { MotionFoundColumnName = "Moves", MotionStrengthColumnName = "HowMuch" };

    private string Moving() => Written("moving.avi", [.. SyntheticClip.Render(CameraMotion.Still, things: 1, seed: 3, frames: 14, width: 160, height: 120).Frames]);

    private string Still() => Written("still.avi", [.. Enumerable.Repeat(SyntheticClip.Render(CameraMotion.Still, things: 1, seed: 3, frames: 1, width: 160, height: 120).Frames[0], 14)]);

    private string Written(string name, IReadOnlyList<Mofo.ML.Transforms.Video.Frame> frames) => File.Exists(_folder.PathOf(name)) ? _folder.PathOf(name) : ClipFile.Write(frames, _folder.PathOf(name));

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        public string Other { get; set; } = "";
    }

    private sealed class Found
    {
        public float[] First { get; set; } = [];

        public float[] Second { get; set; } = [];
    }
}
