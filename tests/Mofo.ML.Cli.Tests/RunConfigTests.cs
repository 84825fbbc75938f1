using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Mofo.ML.Cli.Tests;

/// <summary>The settings of a run, written beside it, repeat it.</summary>
public sealed class RunConfigTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public void The_settings_of_a_run_repeat_it_to_the_bit()
    {
        _ = Tool.Json([.. clips.Training("finetune", "first"), "--seed", "7", "--random-erasing", "0.1"]);
        _ = Tool.Json("finetune", "--config", clips.PathOf("first/run.json"), "--out", clips.PathOf("second"));
        Assert.Equal(Weights(clips.PathOf("first/model.zip")), Weights(clips.PathOf("second/model.zip")));

        // What is given on the command line wins over the file.
        _ = Tool.Json("finetune", "--config", clips.PathOf("first/run.json"), "--seed", "8", "--out", clips.PathOf("third"));
        Assert.NotEqual(Weights(clips.PathOf("first/model.zip")), Weights(clips.PathOf("third/model.zip")));
    }

    [Fact]
    public void The_file_holds_every_setting_in_force_also_those_that_a_recipe_chose()
    {
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(clips.Finetuned, "run.json")))!;
        var options = settings["options"]!;
        Assert.Equal("finetune", (string?)settings["command"]);
        Assert.Equal(0.002, (double)options["base-learning-rate"]!);
        Assert.Equal("PerFrame", (string?)options["box-mode"]);
        Assert.True(options.AsObject().ContainsKey("patience"));
        Assert.Null(options["patience"]);
        Assert.Equal(clips.PathOf("classes.txt"), (string?)options["classes"]);
        Assert.NotNull(settings["versions"]!["Mofo.ML"]);
    }

    [Theory]
    [InlineData("{\"command\": \"pretrain\"}", "is of the command 'pretrain'")]
    [InlineData("no json", "is no JSON")]
    [InlineData("{\"options\": {\"epochs\": [1]}}", "where a value is expected")]
    [InlineData("{\"options\": {\"epoch\": 1}}", "--epoch=1")]
    public void A_file_that_does_not_fit_is_refused(string text, string problem)
    {
        var file = clips.PathOf("odd.json");
        File.WriteAllText(file, text);
        var outcome = Tool.Run("finetune", clips.Clips, "--config", file);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(problem, outcome.Errors);
    }

    /// <summary>Hashes of the weights of every stage; other entries may tell folders and times.</summary>
    private static string[] Weights(string model)
    {
        using var zip = ZipFile.OpenRead(model);
        var entries = zip.Entries.Where(entry => entry.Name.EndsWith(".safetensors", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(entries);
        return [.. entries.Select(entry =>
        {
            using var stream = entry.Open();
            return Convert.ToHexString(SHA256.HashData(stream));
        })];
    }
}
