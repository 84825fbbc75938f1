using System.Text.Json.Nodes;

namespace Mofo.ML.Cli.Tests;

/// <summary>Weights that others published are a model for every command that applies one, with no training.</summary>
public sealed class PublishedWeightsTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    private readonly Lazy<string> _weights = new(() => PublishedWeights.Write(clips.PathOf("published")));

    [Fact]
    public void Predict_names_the_classes_of_the_weights()
    {
        var videos = Tool.Json("predict", _weights.Value, clips.Clips)["videos"]!.AsArray();
        Assert.Equal(8, videos.Count);
        Assert.All(videos, video =>
        {
            var classes = video!["classes"]!.AsArray();
            Assert.Equivalent(PublishedWeights.Classes, classes.Select(c => (string?)c!["name"]), strict: true);
            Assert.Equal(1, classes.Sum(c => (double)c!["score"]!), 1e-5);
        });
    }

    [Fact]
    public void Convert_gives_an_ONNX_file_that_predicts_the_same()
    {
        var file = clips.PathOf("published.onnx");
        _ = Tool.Json("convert", _weights.Value, file);
        var (folder, onnx) = (Scores(_weights.Value, "--precision", "float32"), Scores(file));
        Assert.Equal(folder.Keys.Order(), onnx.Keys.Order());
        Assert.All(folder, pair => Assert.Equal(pair.Value, onnx[pair.Key], 1e-4));
    }

    [Fact]
    public void Features_are_as_long_as_the_encoder_is_wide()
    {
        Assert.Equal(32, (int)Tool.Json("features", _weights.Value, clips.Clip, "--out", clips.PathOf("features.parquet"))["size"]!);
        Assert.True(File.Exists(clips.PathOf("features.parquet")));
    }

    [Fact]
    public void Evaluate_counts_classes_that_the_weights_do_not_know_as_wrong_and_names_them()
    {
        var outcome = Tool.Run("evaluate", _weights.Value, clips.Clips, "--out", clips.PathOf("judged"), "--json");
        Assert.Equal(0, outcome.ExitCode);
        var figures = JsonNode.Parse(outcome.Output)!["figures"]!["Labelled clips"]!;
        Assert.Equal((8, 0), ((double)figures["clips"]!, (double)figures["top1"]!));
        Assert.Contains("does not know these labels", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_weights_is_named()
    {
        var empty = Directory.CreateDirectory(clips.PathOf("no-weights")).FullName;
        var outcome = Tool.Run("predict", empty, clips.Clips);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("no-weights", outcome.Errors, StringComparison.Ordinal);
    }

    private Dictionary<string, double> Scores(string model, params string[] more) =>
        Tool.Json(["predict", model, clips.Clip, .. more])["videos"]![0]!["classes"]!.AsArray().ToDictionary(c => (string)c!["name"]!, c => (double)c!["score"]!);
}
