using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Research;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Tests;

/// <summary>Help, usage errors and exit codes.</summary>
public sealed class CommandLineTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    public static TheoryData<string> Commands =>
        ["doctor", "check", "detect", "draw", "pretrain", "finetune", "evaluate", "predict", "features", "reconstruct", "explain", "convert", "serve", "completion"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_is_listed_and_has_help(string command)
    {
        Assert.Contains($"\n  {command}", Tool.Run("--help").Output);
        var help = Tool.Run(command, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains($" {command} ", help.Output.Replace("\n", " ", StringComparison.Ordinal));
        Assert.Contains("--config <file>", help.Output);
    }

    [Theory]
    [InlineData("pretrain", typeof(MofoPretrainingOptions))]
    [InlineData("finetune", typeof(MofoFinetuningOptions))]
    [InlineData("detect", typeof(MotionDetectionOptions))]
    [InlineData("predict", typeof(MofoModelOptions))]
    public void Help_shows_every_setting_of_the_class_with_its_documentation_and_default(string command, Type type)
    {
        var help = Tool.Run(command, "--help").Output;
        var defaults = Activator.CreateInstance(type)!;
        var settings = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } && OptionText.Fits(property.PropertyType) && property.Name != nameof(MofoTrainingOptions.CheckpointFolder)).ToList();
        Assert.NotEmpty(settings);
        Assert.All(settings, property =>
        {
            var line = help.Split('\n').SingleOrDefault(text => text.TrimStart().StartsWith(OptionNames.Of(property.Name) + " ", StringComparison.Ordinal));
            Assert.True(line is not null, $"{property.Name} is not in the help.");
            Assert.Contains(OptionDocs.Summary(property), line);
            var shown = OptionText.Format(property.GetValue(defaults));
            Assert.True(shown.Length >= 60 || line.Contains($"[default: {shown}]", StringComparison.Ordinal), line);
        });
    }

    [Theory]
    [InlineData("train")]
    [InlineData("detect")]
    [InlineData("detect", "missing.mp4")]
    [InlineData("detect", "CLIP", "--no-such-option")]
    [InlineData("detect", "CLIP", "--window", "eight")]
    [InlineData("detect", "CLIP", "--window", "0")]
    [InlineData("detect", "CLIP", "--flow", "Lucas")]
    [InlineData("draw", "CLIP", "--frames", "65", "--format", "png")]
    [InlineData("predict", "missing.zip", "CLIP")]
    [InlineData("features", "CLIP", "CLIP", "--out", "features.txt")]
    [InlineData("convert", "missing.pth", "out.safetensors")]
    [InlineData("completion", "fish")]
    [InlineData("finetune", "CLIP")]
    [InlineData("finetune", "CLIPS", "--model", "gigantic")]
    [InlineData("finetune", "CLIPS", "--config", "missing.json")]
    public void What_cannot_be_understood_is_said_and_gives_2(params string[] args)
    {
        var outcome = Tool.Run([.. args.Select(arg => arg == "CLIP" ? clips.Clip : arg == "CLIPS" ? clips.Clips : arg)]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("error: ", outcome.Errors);
        Assert.DoesNotContain("   at ", outcome.Errors);
        Assert.False(Directory.Exists("runs"));
    }

    [Theory]
    [InlineData("--windw", "There is no option '--windw'. Did you mean --window?")]
    [InlineData("--jsn", "There is no option '--jsn'. Did you mean --json?")]
    [InlineData("--windw=9", "There is no option '--windw=9'. Did you mean --window?")]
    [InlineData("--nothing-like-this", "There is no option '--nothing-like-this'.")]
    public void An_option_that_does_not_exist_is_not_taken_for_a_video(string option, string problem)
    {
        var outcome = Tool.Run("detect", clips.Clip, option);
        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"error: {problem}{Environment.NewLine}", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_hold_several_settings_list_them_with_defaults_and_ranges()
    {
        var help = Tool.Run("pretrain", "--help").Output;
        Assert.Contains("Settings: max-pixels=67108864 in [1, 715,827,863]; max-frames=10000000 in [1, 2,147,483,647]; max-bytes=274877906944 in [1, 9,223,372,036,854,775,807]; max-wait-seconds=60 in [0.1, 86400].", help);
        Assert.Contains("tau=0.25 in [0.01, 1]; lambda=0.15 in [0.0001, 100];", help);
        Assert.Contains("A preset (small, base, large, huge, tiny, micro), or changes of single settings, or both (micro,name=value). Settings: image-size=224; patch-size=16;", help);
        Assert.DoesNotContain("see --video-limits", help);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_names_no_option_that_the_command_does_not_have(string command)
    {
        var help = Tool.Run(command, "--help").Output;
        var options = Regex.Matches(help, "^ +(--[a-z0-9-]+)|^  -[?a-z].*(--help)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Equal([], Regex.Matches(help, "(?<![a-z-])--[a-z0-9-]*[a-z0-9]").Select(match => match.Value).Distinct().Except([.. options, "--help"]));
    }

    [Fact]
    public void A_setting_out_of_its_range_is_named_as_on_the_command_line_with_the_range() =>
        Assert.Contains("error: --window is 65; it must be in [1, 64].", Tool.Run("detect", clips.Clip, "--window", "65").Errors);

    [Theory]
    [InlineData("--video-limits: max-frames is 0; it must be in [1, 2147483647].", "detect", "CLIP", "--video-limits", "max-frames=0")]
    [InlineData("--tv-l1: tau is 2; it must be in [0.01, 1].", "detect", "CLIP", "--tv-l1", "tau=2")]
    [InlineData("--model: depth is 0; it must be at least 1.", "finetune", "CLIPS", "--recipe", "paper", "--model", "micro,depth=0")]
    public void A_setting_within_an_option_is_named_with_the_option_that_holds_it(string problem, params string[] args)
    {
        var outcome = Tool.Run([.. args.Select(arg => arg == "CLIP" ? clips.Clip : arg == "CLIPS" ? clips.Clips : arg)]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("error: " + problem, outcome.Errors);
    }

    [Theory]
    [InlineData(nameof(MofoFinetuningOptions), "Model.Input is Pixels; it must be Changes too.", "--model: input is Pixels; it must be Changes too.")]
    [InlineData(nameof(MofoFinetuningOptions), "Epochs is 0; it must be at least 1.", "--epochs is 0; it must be at least 1.")]
    [InlineData(nameof(VitConfig), "A network of this size has too many weights.", "A network of this size has too many weights.")]
    public void Problems_that_the_library_finds_are_told_in_the_words_of_the_command_line(string options, string problem, string told) =>
        Assert.Equal((2, told), Failures.Describe(new MofoOptionsException(options, [problem])));

    [Theory]
    [InlineData(true, "--json")]
    [InlineData(true, "--json=true")]
    [InlineData(false, "--json", "false")]
    [InlineData(false, "--json=False")]
    public void Results_are_JSON_where_the_option_is_on(bool isJson, params string[] option)
    {
        var outcome = Tool.Run([.. option, "check", clips.Clip, "--motion", "False"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(isJson, outcome.Output.StartsWith('{'));
        Assert.Equal(!isJson, outcome.Output.Contains("1 videos, 0 cannot be used.", StringComparison.Ordinal));
    }

    [Fact]
    public void False_in_any_case_switches_an_option_off()
    {
        Assert.Null(Tool.Json("check", clips.Clip, "--motion", "False")["videos"]![0]!["motionStrength"]);
        Assert.NotNull(Tool.Json("check", clips.Clip, "--motion")["videos"]![0]!["motionStrength"]);
        var folder = clips.PathOf("without-report");
        Assert.Null(Tool.Json("evaluate", Path.Combine(clips.Finetuned, "model.zip"), clips.Clips, "--out", folder, "--report", "False")["report"]);
        Assert.False(File.Exists(Path.Combine(folder, "report.html")));
        Assert.True(File.Exists(Path.Combine(folder, "metrics.json")));
    }

    [Fact]
    public void A_video_that_cannot_be_read_gives_1_and_its_reason()
    {
        var text = clips.PathOf("notes.mp4");
        File.WriteAllText(text, "no video");
        foreach (var command in new[] { "check", "detect", "draw" })
        {
            var outcome = Tool.Run(command, text, clips.Clip);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains("text file, not a video", outcome.Output + outcome.Errors);
        }

        var skipped = Tool.Run("detect", text, clips.Clip, "--on-bad-video", "skip", "--out", clips.PathOf("skipped.json"));
        Assert.Equal(1, skipped.ExitCode);
        Assert.Contains("2 videos, 1 cannot be read", skipped.Output.Replace("1 videos, 1", "2 videos, 1"));
        Assert.Single(BoxJson.Read(clips.PathOf("skipped.json")));
    }

    [Fact]
    public void A_page_with_a_video_that_cannot_be_read_gives_1_and_is_written_where_that_is_asked_for()
    {
        var (text, folder) = (clips.PathOf("no-clip.mp4"), clips.PathOf("page"));
        File.WriteAllText(text, "no video");
        var stopped = Tool.Run("draw", text, clips.Clip, "--format", "html", "--out", folder);
        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("error: ", stopped.Errors);
        Assert.Contains("text file, not a video", stopped.Errors);
        Assert.False(Directory.Exists(folder));

        var outcome = Tool.Run("draw", text, clips.Clip, "--format", "html", "--out", folder, "--on-bad-video", "skip", "--json");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("warning: ", outcome.Errors);
        var page = File.ReadAllText((string)JsonNode.Parse(outcome.Output)!["files"]!.AsArray().Single()!);
        Assert.Contains("cannot be shown: ", page);
        Assert.Contains("data-strip", page);
    }

    [Fact]
    public void A_stopped_command_gives_130()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Equal(130, Tool.Run(stopped.Token, "detect", clips.Clip).ExitCode);
    }

    [Fact]
    public void Shells_can_complete_commands_options_and_values()
    {
        Assert.Contains("finetune\n", Tool.Run("[suggest:7]", "mofo fi").Output.ReplaceLineEndings("\n"));
        Assert.Contains("--flow-short-side", Tool.Run("[suggest:20]", "mofo detect --flow-s").Output);
        Assert.Contains("TvL1", Tool.Run("[suggest:20]", "mofo detect --flow T").Output);
        foreach (var shell in new[] { "bash", "zsh", "pwsh" })
        {
            Assert.Contains("[suggest:", Tool.Run("completion", shell).Output);
        }
    }

    [Fact]
    public void The_doctor_finds_this_machine_fit()
    {
        var found = Tool.Json("doctor");
        Assert.True((bool)found["works"]!);
        Assert.Contains(found["findings"]!.AsArray(), finding => (string?)finding!["name"] == "OpenCV" && ((string)finding["value"]!).StartsWith("4.", StringComparison.Ordinal));
    }
}
