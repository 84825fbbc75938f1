using System.Diagnostics;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Distributed.Tests;

/// <summary>Whatever ends one rank ends all, with a message that says why, and the run goes on from its last checkpoint.</summary>
public sealed class FailureTests(TrainingClips clips) : IClassFixture<TrainingClips>
{
    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(0, 2, 3)]
    public void A_killed_rank_ends_all_and_the_run_goes_on_with_the_same_or_another_number_of_ranks(int killed, int ranks, int later)
    {
        MpiRun.Require();
        var (name, undisturbed) = (Invariant($"killed-{killed}-{ranks}-{later}"), Invariant($"undisturbed-{ranks}"));
        string[] arguments = ["train", "stage=finetuning", $"list={clips.List}", "epochs=3"];
        if (!Directory.Exists(clips.In(undisturbed)))
        {
            Require(MpiRun.Run(ranks, [.. arguments, $"out={clips.In(undisturbed)}"]));
        }

        var expected = new Trained(clips.In(undisturbed));
        string[] own = [.. arguments, $"out={clips.In(name)}", $"checkpoints={clips.In(name)}-checkpoints"];
        var result = MpiRun.Watch(ranks, own, (line, ids) =>
        {
            if (line == "step 4")
            {
                using var victim = Process.GetProcessById(ids[killed]);
                victim.Kill();
            }
        });
        Assert.NotEqual(0, result.ExitCode);
        Assert.False(File.Exists(clips.In(name + "/steps.json")));

        var rest = MpiRun.Run(later, own);
        Require(rest);
        Assert.DoesNotContain("step 1\n", rest.Output, StringComparison.Ordinal);
        var found = new Trained(clips.In(name));
        if (later == ranks)
        {
            Assert.Equal(expected.Weights(0), found.Weights(0)); // to the bit
        }
        else
        {
            Assert.InRange(expected.Values().Zip(found.Values()).Average(pair => Math.Abs(pair.First - pair.Second)), 0, 1e-5);
            Assert.Contains($"The checkpoint was made by {ranks} processes, now there", rest.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bad_video_on_one_rank_ends_all_with_one_message_and_a_checkpoint()
    {
        MpiRun.Require();
        var list = WithBadFile();
        var result = MpiRun.Run(2, "train", "stage=pretraining", $"list={list}", $"out={clips.In("bad")}", $"checkpoints={clips.In("bad-checkpoints")}");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches("Mofo.ML: [Rr]ank [01].* on .* stopped: .*bad\\.avi", Assert.Single(MpiRun.Messages(result)));
    }

    [Fact]
    public void Bad_videos_that_are_skipped_leave_the_same_gaps_as_in_one_process()
    {
        MpiRun.Require();
        var list = WithBadFile();
        Trained[] runs = [.. new[] { 0, 3 }.Select(ranks =>
        {
            var result = MpiRun.Run(ranks, "train", "stage=pretraining", $"list={list}", $"out={clips.In(Invariant($"skip{ranks}"))}", "skip");
            Require(result);
            Assert.Contains("1 of 27 videos could not be read and were left out of training.", result.Output, StringComparison.Ordinal);
            return new Trained(clips.In(Invariant($"skip{ranks}")));
        })];
        Assert.Equal(runs[0].Steps.Length, runs[1].Steps.Length);
        Assert.All(runs[0].Steps.Zip(runs[1].Steps), pair => Assert.Equal(pair.First[1], pair.Second[1], 1e-4));
    }

    [Fact]
    public void A_list_of_bad_videos_alone_stops_all_ranks_for_one_reason_that_the_first_tells()
    {
        MpiRun.Require();
        var list = clips.In("only-bad.txt");
        File.WriteAllLines(list, Enumerable.Range(0, 8).Select(i => $"missing-{i}.avi {(i % 2 == 0 ? "a" : "b")}"));
        var result = MpiRun.Run(2, "train", "stage=pretraining", $"list={list}", $"out={clips.In("only-bad")}", "skip");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches("Mofo.ML: rank 0 of 2 on .* stopped: .*None of the 8 videos could be read", Assert.Single(MpiRun.Messages(result)));
    }

    [Fact]
    public void Ranks_with_other_options_are_told_apart_by_name()
    {
        MpiRun.Require();
        var result = MpiRun.Run(2, "train", "stage=pretraining", $"list={clips.List}", $"out={clips.In("other")}", "otherRank=1");
        Assert.NotEqual(0, result.ExitCode);
        var message = Assert.Single(MpiRun.Messages(result));
        Assert.Contains("Rank 1 on ", message, StringComparison.Ordinal);
        Assert.Contains("MinLearningRate is 0.0001 in place of 1E-05", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_with_another_build_is_told_apart_by_name()
    {
        MpiRun.Require();
        string[] arguments = ["train", "stage=pretraining", $"list={clips.List}", $"out={clips.In("other-build")}"];
        var other = OtherBuild.Make(clips.In("build"), MpiRun.Program, "Mofo.ML.Trainers.dll");
        var result = MpiRun.RunEach([MpiRun.Program, .. arguments], [other, .. arguments]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches($"Mofo.ML: Rank 1 on {Environment.MachineName} stopped: it runs Mofo.ML.Trainers .*, and rank 0 runs Mofo.ML.Trainers ", Assert.Single(MpiRun.Messages(result)));
        Assert.False(Directory.Exists(clips.In("other-build")));
    }

    [Fact]
    public void A_rank_that_joins_with_other_options_is_told_apart_by_name()
    {
        MpiRun.Require();
        string[] arguments = ["train", "stage=pretraining", $"list={clips.List}", $"out={clips.In("other-join")}"];
        var result = MpiRun.RunEach([MpiRun.Program, .. arguments], [MpiRun.Program, .. arguments, "bucket=8192"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches($"Mofo.ML: Rank 1 on {Environment.MachineName} stopped: it runs with MpiOptions of .*GradientBucketBytes 8192.*, and rank 0 runs with .*GradientBucketBytes 26214400", Assert.Single(MpiRun.Messages(result)));
    }

    [Fact]
    public void A_rank_that_ends_early_does_not_leave_the_others_waiting()
    {
        MpiRun.Require();
        var result = MpiRun.Run(2, "leave", "rank=1", "--", "train", "stage=pretraining", $"list={clips.List}", $"out={clips.In("left")}");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches("Mofo.ML: rank 1 of 2 on .* ended its part of the program, and rank 0 of 2 .* still waits for it", Assert.Single(MpiRun.Messages(result)));
    }

    [Fact]
    public void Ranks_that_exchange_over_TCP_end()
    {
        MpiRun.Require();
        for (var run = 0; run < 3; run++)
        {
            var result = MpiRun.RunOverTcp(4, "exchange"); // MPICH 4.0 stayed in MPI_Finalize in four of six such runs

            Assert.True(result.ExitCode == 0, result.Errors);
            Assert.Equal(4, result.Output.Split('\n').Count(line => line.StartsWith("exchanged in ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Too_few_clips_for_the_ranks_are_refused_with_the_batch_that_would_do()
    {
        MpiRun.Require();
        var result = MpiRun.Run(4, "train", "stage=pretraining", $"list={clips.List}", $"out={clips.In("few")}", "batch=4");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Raise BatchSize to 8 or more", Assert.Single(MpiRun.Messages(result)), StringComparison.Ordinal);
    }

    private static void Require(SecondProcess.Result result) => Assert.True(result.ExitCode == 0, result.All);

    private string WithBadFile()
    {
        File.WriteAllText(clips.In("bad.avi"), "no video");
        return clips.WriteList("with-bad.txt", [.. File.ReadAllLines(clips.List), "bad.avi class0"]);
    }
}
