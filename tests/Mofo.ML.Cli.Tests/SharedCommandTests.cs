using System.Globalization;
using System.Text.Json.Nodes;
using Mofo.ML.Distributed.Tests;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Cli.Tests;

/// <summary>Commands that mpirun starts on several processes: the files, the output and the exit code of one process, with a file that is no video in the list.</summary>
public sealed class SharedCommandTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    /// <summary>Scores are computed in other batches, so that sums are rounded otherwise.</summary>
    private const double Tolerance = 1e-5;

    private static string Mofo => SecondProcess.InOwnFolder("mofo", "src", "Mofo.ML.Cli");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Detect_gives_the_boxes_of_one_process_and_names_the_bad_file(int ranks)
    {
        MpiRun.Require();
        string[] Command(string name) => ["detect", List(), "--out", clips.PathOf(name + ".json"), "--table", clips.PathOf(name + ".csv"), "--on-bad-video", "skip", "--json"];
        var shared = Invariant($"boxes-{ranks}");
        var (one, all) = (Tool.Run(Command("boxes-one")), MpiRun.RunProgram(ranks, Mofo, Command(shared)));
        Assert.True((one.ExitCode, all.ExitCode) is (1, not 0), all.All);
        Assert.Equal(File.ReadAllText(clips.PathOf("boxes-one.json")), File.ReadAllText(clips.PathOf(shared + ".json")));
        Assert.Equal(File.ReadAllText(clips.PathOf("boxes-one.csv")), File.ReadAllText(clips.PathOf(shared + ".csv")));
        var (expected, found) = (JsonNode.Parse(one.Output)!, JsonNode.Parse(all.Output)!);
        Assert.Equal(expected["videos"]!.ToJsonString(), found["videos"]!.ToJsonString());
        Assert.Equal(expected["bad"]!.ToJsonString(), found["bad"]!.ToJsonString());
        Assert.Equal("bad.avi", Path.GetFileName((string)Assert.Single(found["bad"]!.AsArray())!["path"]!));
        Assert.Single(all.Errors.Split('\n'), line => line.Contains("warning:", StringComparison.Ordinal) && line.Contains("bad.avi", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Evaluate_gives_the_tables_of_one_process(int ranks)
    {
        MpiRun.Require();
        var (folder, reference) = (clips.PathOf(Invariant($"evaluated-{ranks}")), clips.PathOf("evaluated-one"));
        string[] Command(string output) => ["evaluate", Model("finetune"), List(), "--out", output, "--report", "false", "--json"];
        var (one, all) = (Tool.Run(Command(reference)), MpiRun.RunProgram(ranks, Mofo, Command(folder)));
        Assert.True((one.ExitCode, all.ExitCode) is (1, not 0), all.All);
        Assert.Equal(Directory.EnumerateFiles(reference).Select(Path.GetFileName).Order(), Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        RequireSameTable(Path.Combine(reference, "predictions.csv"), Path.Combine(folder, "predictions.csv"));
        RequireSameTable(Path.Combine(reference, "classes.csv"), Path.Combine(folder, "classes.csv"));
        Assert.Contains(File.ReadLines(Path.Combine(folder, "predictions.csv")), line => line.Contains(",jump,", StringComparison.Ordinal)); // a label that the model does not know
        Assert.Equal(1, (double)JsonNode.Parse(all.Output)!["figures"]!["Labelled clips"]!["missing"]!);
        Assert.Contains("bad.avi", all.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_and_features_give_the_rows_of_one_process_in_the_order_of_the_list()
    {
        MpiRun.Require();
        foreach (var (command, training) in new[] { ("predict", "finetune"), ("features", "pretrain") })
        {
            string[] Command(string name) => [command, Model(training), List(), "--out", clips.PathOf(name), "--json"];
            var (one, all) = (Tool.Run(Command(command + "-one.csv")), MpiRun.RunProgram(2, Mofo, Command(command + "-shared.csv")));
            Assert.True((one.ExitCode, all.ExitCode) is (1, not 0), all.All);
            RequireSameTable(clips.PathOf(command + "-one.csv"), clips.PathOf(command + "-shared.csv"));
            Assert.Equal(1, (int)JsonNode.Parse(all.Output)!["missing"]!);
        }
    }

    [Fact]
    public void A_bad_file_that_must_stop_the_work_stops_all_processes_with_one_message()
    {
        MpiRun.Require();
        var output = clips.PathOf("none.json");
        var all = MpiRun.RunProgram(2, Mofo, "detect", List(), "--out", output);
        Assert.NotEqual(0, all.ExitCode);
        Assert.Contains("bad.avi", Assert.Single(Told(all)), StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void A_process_without_the_list_or_with_another_one_stops_all_with_a_message_that_names_it()
    {
        MpiRun.Require();
        var without = MpiRun.RunEach([Mofo, "detect", List()], [Mofo, "detect", clips.PathOf("absent.csv")]);
        Assert.NotEqual(0, without.ExitCode);
        Assert.Matches($"Mofo.ML: rank 1 of 2 on {Environment.MachineName} .* stopped: .*absent.csv", Assert.Single(Told(without)));

        File.WriteAllLines(clips.PathOf("shorter.csv"), File.ReadLines(List()).Take(3));
        var other = MpiRun.RunEach([Mofo, "detect", List()], [Mofo, "detect", clips.PathOf("shorter.csv")]);
        Assert.NotEqual(0, other.ExitCode);
        Assert.Contains($"Rank 1 on {Environment.MachineName} stopped: its list of videos is not that of rank 0", Assert.Single(Told(other)), StringComparison.Ordinal);
    }

    /// <summary>Lines that say why the work stopped.</summary>
    private static IReadOnlyList<string> Told(SecondProcess.Result result) =>
        [.. result.Errors.Split('\n').Where(line => line.StartsWith("Mofo.ML: ", StringComparison.Ordinal) || line.StartsWith("error:", StringComparison.Ordinal))];

    private static void RequireSameTable(string expected, string found)
    {
        foreach (var (one, all) in File.ReadLines(expected).Zip(File.ReadLines(found)))
        {
            Assert.All(one.Split(',').Zip(all.Split(',')), pair =>
            {
                if (double.TryParse(pair.First, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                {
                    Assert.Equal(number, double.Parse(pair.Second, CultureInfo.InvariantCulture), Tolerance);
                }
                else
                {
                    Assert.Equal(pair.First, pair.Second);
                }
            });
        }

        Assert.Equal(File.ReadLines(expected).Count(), File.ReadLines(found).Count());
    }

    /// <summary>Seven clips, one of them with a label that no model knows, and a file that is no video among them.</summary>
    private string List()
    {
        var list = clips.PathOf("with-bad.csv");
        if (!File.Exists(list))
        {
            File.WriteAllText(clips.PathOf("clips/bad.avi"), "no video");
            var lines = File.ReadAllLines(clips.PathOf("train.csv")).Select(line => line.Replace(" 0", " still", StringComparison.Ordinal).Replace(" 1", " pan", StringComparison.Ordinal)).ToList();
            File.WriteAllLines(list, [.. lines[..2], "clips/bad.avi still", .. lines[2..], "clips/still/still6.avi jump"]);
        }

        return list;
    }

    /// <summary>A model whose stages skip what they cannot read.</summary>
    private string Model(string command)
    {
        var file = clips.PathOf($"{command}-skipping/model.zip");
        if (!File.Exists(file))
        {
            var arguments = clips.Training(command, command + "-skipping", epochs: 1).Where(argument => command == "finetune" || !argument.StartsWith("--use-built-in", StringComparison.Ordinal));
            _ = Tool.Json([.. arguments, "--on-bad-video", "skip", "--report", "false"]);
        }

        return file;
    }
}
