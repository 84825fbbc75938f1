using System.Text.Json;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Distributed.Tests;

/// <summary>Detection, features and scores of a list that several processes share out.</summary>
public sealed class SharedRowsTests(TrainingClips clips) : IClassFixture<TrainingClips>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Boxes_and_scores_come_in_the_order_of_the_list_and_are_those_of_one_process(int ranks)
    {
        MpiRun.Require();
        var model = Path.Combine(clips.In("classifier"), "model0.zip");
        if (!File.Exists(model))
        {
            Require(MpiRun.Run(0, "train", "stage=finetuning", $"list={clips.List}", $"out={clips.In("classifier")}", "epochs=1"));
        }

        var one = Rows("rows-one", 0, clips.List, $"model={model}");
        var shared = Rows(Invariant($"rows-{ranks}"), ranks, clips.List, $"model={model}");
        Assert.Equal(one.Length, shared.Length);
        foreach (var (expected, found) in one.Zip(shared))
        {
            Assert.Equal(expected.Path, found.Path);
            Assert.Equal(expected.Boxes, found.Boxes);
            Assert.All(expected.Vector.Zip(found.Vector), pair => Assert.Equal(pair.First, pair.Second, 1e-5f)); // scored in other batches
        }

        Assert.Equal(File.ReadAllText(clips.In(Invariant($"rows-{ranks}/rows0.json"))), File.ReadAllText(clips.In(Invariant($"rows-{ranks}/rows{ranks - 1}.json"))));
    }

    [Fact]
    public void Bad_files_have_missing_values_and_stop_nothing()
    {
        MpiRun.Require();
        var list = WithBadFiles();
        var one = Rows("skip-one", 0, list, "skip");
        var shared = Rows("skip-shared", 3, list, "skip");
        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(shared));
        Assert.Equal(["bad.avi", "missing.avi"], shared.Where(row => row.Boxes.Length == 0).Select(row => row.Path));
    }

    [Fact]
    public void Where_bad_files_must_stop_the_work_one_message_names_file_and_row()
    {
        MpiRun.Require();
        var result = MpiRun.Run(2, "rows", $"list={WithBadFiles()}", $"out={clips.In("throw")}");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal(1, result.Errors.Split('\n').Count(line => line.StartsWith("Mofo.ML: ", StringComparison.Ordinal)));
        Assert.Matches("Mofo.ML: [Rr]ank [01].* on .* stopped: .*(bad|missing)\\.avi", result.Errors);
    }

    private static void Require(SecondProcess.Result result) => Assert.True(result.ExitCode == 0, result.All);

    private string WithBadFiles()
    {
        File.WriteAllText(clips.In("bad.avi"), "no video");
        var lines = File.ReadAllLines(clips.List);
        return clips.WriteList("bad.txt", [.. lines[..3], "bad.avi class0", "missing.avi class1", .. lines[3..9]]);
    }

    private Row[] Rows(string name, int ranks, string list, string more)
    {
        Require(MpiRun.Run(ranks, "rows", $"list={list}", $"out={clips.In(name)}", more));
        return JsonSerializer.Deserialize<Row[]>(File.ReadAllText(clips.In(name + "/rows0.json")))!;
    }

    private sealed record Row(string Path, float[] Boxes, float[] Vector);
}
