using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Mofo.ML.Tests.Shared;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

public sealed class SaveAndLoadTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    /// <summary>Scores after loading may differ by rounding of another batch composition, no more.</summary>
    private const float ScoreTolerance = 1e-6f;

    [Fact]
    public void A_second_process_gives_the_same_boxes_features_and_scores()
    {
        var here = pipeline.Ml.Data.CreateEnumerable<Scored>(pipeline.Model.Transform(pipeline.Test), reuseRowObject: false).ToList();
        var output = pipeline.Scratch("predictions.json");
        var run = SecondProcess.Run("predict", pipeline.ModelPath, pipeline.TestList, output);
        Assert.True(run.ExitCode == 0, run.Errors);
        var there = JsonSerializer.Deserialize<List<JsonElement>>(File.ReadAllText(output))!;
        Assert.Equal(here.Count, there.Count);
        foreach (var (mine, theirs) in here.Zip(there))
        {
            Assert.Equal(mine.VideoPath, theirs.GetProperty("VideoPath").GetString());
            Assert.Equal(mine.MotionBoxes, Values(theirs, "MotionBoxes"));
            AssertClose(mine.Features, Values(theirs, "Features"), 1e-5f);
            AssertClose(mine.Score, Values(theirs, "Score"), ScoreTolerance);
            AssertClose(mine.Score, Values(theirs, "EngineScore"), ScoreTolerance);
            Assert.Equal(mine.PredictedLabel, theirs.GetProperty("PredictedLabel").GetString());
            Assert.Equal(mine.PredictedLabel, theirs.GetProperty("EngineLabel").GetString());
        }
    }

    [Fact]
    public void Weights_are_stored_as_they_are()
    {
        using var zip = ZipFile.OpenRead(pipeline.ModelPath);
        var weights = zip.Entries.Where(entry => entry.Name == "weights.safetensors").ToList();
        Assert.NotEmpty(weights);
        Assert.All(weights, entry => Assert.Equal(entry.Length, entry.CompressedLength));
    }

    [Fact]
    public void A_second_model_loads_beside_the_first()
    {
        var ml = new MLContext();
        var first = ml.Model.Load(pipeline.ModelPath, out _);
        var second = ml.Model.Load(pipeline.ModelPath, out _);
        (first as IDisposable)?.Dispose();
        Assert.Equal(9, Scores(ml, second).Count);
    }

    [Theory]
    [InlineData("weights.safetensors", "was changed or damaged")]
    [InlineData("stage.json", "damaged")]
    public void A_tampered_entry_is_refused_by_name(string entry, string message)
    {
        var copy = Changed("tampered.zip", entry, bytes => bytes[^5] ^= 0x10);
        var text = Explain(() => new MLContext().Model.Load(copy, out _));
        Assert.Contains(message, text);
        Assert.Contains(entry, text);
    }

    [Fact]
    public void One_changed_byte_of_weights_that_are_read_where_they_lie_in_the_file_is_noticed()
    {
        var bytes = File.ReadAllBytes(pipeline.ModelPath);
        using (var zip = ZipFile.OpenRead(pipeline.ModelPath))
        {
            var weights = zip.Entries.Where(entry => entry.Name == "weights.safetensors").MaxBy(entry => entry.Length)!;
            using var stream = weights.Open();
            var start = new byte[4096];
            stream.ReadExactly(start);
            bytes[bytes.AsSpan().IndexOf(start) + weights.Length - 5] ^= 0x10; // in the last tensor; the zip's own check of it is not made
        }

        var copy = pipeline.Scratch("flipped.zip");
        File.WriteAllBytes(copy, bytes);
        Assert.Contains("weights.safetensors of the saved", Explain(() => new MLContext().Model.Load(copy, out _)));
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused()
    {
        // The model header holds the version written and the oldest version that can read it, after signature and header version.
        var copy = Changed("newer.zip", "Model.key", bytes =>
        {
            var at = bytes.AsSpan().IndexOf("MOFOCLAS"u8);
            if (at >= 0)
            {
                bytes[at + 10] = 9;
                bytes[at + 14] = 9;
            }
        });
        Assert.Contains("newer", Explain(() => new MLContext().Model.Load(copy, out _)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void An_edited_network_or_column_is_used_or_refused_with_the_promised_exception()
    {
        var refused = 0;
        foreach (var (stage, name) in new (ITransformer, string)[] { (pipeline.Encoder, "encoder"), (pipeline.Classifier, "classifier") })
        {
            var saved = pipeline.Scratch($"{name}.zip");
            pipeline.Ml.Model.Save(stage, pipeline.Train.Schema, saved);
            var entry = ModelZip.Stages(saved).Single();
            foreach (var (edit, copy) in ModelZip.Edits(saved, entry, pipeline.Scratch("edited.zip")).Where(e => !e.Edit.Contains("State.Options.") || e.Edit.Contains(".Model.")))
            {
                try
                {
                    (new MLContext().Model.Load(copy, out _) as IDisposable)?.Dispose();
                }
                catch (Exception e)
                {
                    Assert.True(e.Causes().OfType<FormatException>().Any(), $"{edit}: {e}");
                    Assert.False(e.Causes().OfType<NullReferenceException>().Any(), $"{edit}: {e}");
                    refused++;
                }
            }
        }

        Assert.True(refused > 100, $"{refused} refused");
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.99)]
    public void A_truncated_file_is_refused(double share)
    {
        var bytes = File.ReadAllBytes(pipeline.ModelPath);
        var path = pipeline.Scratch($"truncated-{share}.zip");
        File.WriteAllBytes(path, bytes[..(int)(bytes.Length * share)]);
        Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(path, out _));
    }

    [Fact]
    public void Features_of_a_file_from_before_there_was_a_choice_are_of_clips_over_the_whole_video()
    {
        var now = Features(pipeline.ModelPath);
        var uniform = Features(Edited("uniform.zip", options => options["FeatureSampling"] = "Uniform", state => { }));
        var before = Features(Edited("before.zip", options => options.Remove("FeatureSampling"), state => state.Remove("Revision")));
        Assert.Equal(uniform, before);
        Assert.NotEqual(now, before);

        string Edited(string name, Action<JsonObject> options, Action<JsonObject> state) => ModelZip.EditStages(pipeline.ModelPath, pipeline.Scratch(name), json =>
        {
            if (json["State"]!["OutputColumn"]?.GetValue<string>() == "Features")
            {
                options(json["State"]!["Options"]!.AsObject());
                state(json["State"]!.AsObject());
            }
        });
    }

    private float[] Features(string path)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(path, out _);
        var features = Scores(ml, model).SelectMany(row => row.Features).ToArray();
        (model as IDisposable)?.Dispose();
        return features;
    }

    private static float[] Values(JsonElement row, string name) => row.GetProperty(name).Deserialize<float[]>()!;

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)), 0, tolerance);
    }

    private static string Explain(Action action) => string.Join(System.Environment.NewLine, Assert.ThrowsAny<Exception>(action).Causes().Select(error => error.Message));

    private List<Scored> Scores(MLContext ml, ITransformer model) =>
        [.. ml.Data.CreateEnumerable<Scored>(model.Transform(pipeline.Test), reuseRowObject: false)];

    /// <summary>A copy of the model in which the entries of that name have been changed in place.</summary>
    private string Changed(string name, string entryName, Action<byte[]> change) => ModelZip.Change(pipeline.ModelPath, pipeline.Scratch(name), entryName, bytes =>
    {
        change(bytes);
        return bytes;
    });
}
