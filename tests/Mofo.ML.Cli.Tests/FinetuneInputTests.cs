namespace Mofo.ML.Cli.Tests;

/// <summary>What finetuning checks before it begins, and how it leaves its model.</summary>
public sealed class FinetuneInputTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public void Labels_that_no_training_video_has_are_named_before_motion_is_detected()
    {
        var list = clips.PathOf("unknown.csv");
        File.WriteAllLines(list, ["clips/still/still0.avi still", "clips/pan/pan1.avi jump", "clips/pan/pan3.avi swim", "clips/pan/pan5.avi jump"]);
        var outcome = Tool.Run("finetune", clips.Clips, "--validation", list, "--out", clips.PathOf("unknown"));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"3 of 4 videos of --validation {list} have labels that no training video has: jump, swim. The labels of the training videos are: pan, still.", outcome.Errors);
        Assert.False(Directory.Exists(clips.PathOf("unknown")));
    }

    [Fact]
    public void A_validation_set_without_labels_is_refused()
    {
        var outcome = Tool.Run([.. clips.Training("finetune", "unlabelled"), "--validation", clips.Clip]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"No video of --validation {clips.Clip} has a label.", outcome.Errors);
    }

    [Theory]
    [InlineData("finetune")]
    [InlineData("pretrain")]
    public void A_reader_of_the_earlier_model_keeps_it_whole(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows replaces no open file.");
        var model = Path.Combine(Directory.CreateDirectory(clips.PathOf("again-" + command)).FullName, "model.zip");
        File.WriteAllText(model, "the earlier model");
        using var reader = File.OpenText(model);
        _ = Tool.Json([.. clips.Training(command, "again-" + command, epochs: 1).Where(argument => command == "finetune" || !argument.StartsWith("--use-built-in", StringComparison.Ordinal)), "--report", "false"]);
        Assert.Equal("the earlier model", reader.ReadToEnd());
        Assert.True(new FileInfo(model).Length > 1000);
    }
}
