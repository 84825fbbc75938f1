namespace Mofo.ML.Distributed.Tests;

/// <summary>Several processes train what one process trains: the same clips, masks, augmentation, mixing and dropout in every step.</summary>
public sealed class SharedTrainingTests(TrainingClips clips) : IClassFixture<TrainingClips>
{
    /// <summary>So small that gradients leave in many pieces while the backward pass goes on.</summary>
    private const string SmallBuckets = "bucket=16384";

    /// <summary>Largest relative difference of a loss: gradients are summed in another order, and AdamW divides by their size.</summary>
    private const double LossTolerance = 2e-4;

    /// <summary>Mean difference of a weight, of weights that move by up to 0.01.</summary>
    private const double WeightTolerance = 1e-5;

    private static readonly Dictionary<string, string[]> Trainings = new()
    {
        ["pretraining"] = ["stage=pretraining", "batch=10"],
        ["accumulated"] = ["stage=pretraining", "accumulation=2", "batch=8"],
        ["repeated"] = ["stage=pretraining", "clipsPerVideo=2", "batch=16"],
        ["finetuning"] = ["stage=finetuning", "batch=9"],
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void N_ranks_give_the_losses_and_weights_of_one_process(int ranks)
    {
        MpiRun.Require();
        TrainAll(0);
        TrainAll(ranks);
        foreach (var training in Trainings.Keys)
        {
            var shared = Result(training, ranks);
            RequireSame(Result(training, 0), shared);
            for (var rank = 1; rank < ranks; rank++)
            {
                Assert.True(shared.Weights(0).AsSpan().SequenceEqual(shared.Weights(rank)), $"Rank {rank} has other weights than rank 0 after {training}.");
            }
        }
    }

    [Fact]
    public void Gradients_that_travel_as_bfloat16_change_the_losses_little_and_leave_all_ranks_the_same()
    {
        MpiRun.Require();
        TrainAll(0);
        var result = MpiRun.Run(3, ["train", "bfloat16", SmallBuckets, $"list={clips.List}", $"out={clips.In("bfloat16")}", .. Trainings["pretraining"]]);
        Assert.True(result.ExitCode == 0, result.All);
        var rounded = new Trained(clips.In("bfloat16"));
        var differences = Result("pretraining", 0).Steps.Zip(rounded.Steps, (one, other) => Math.Abs(one[1] - other[1]) / one[1]).ToList();
        Assert.InRange(differences.Max(), 1e-7, 0.02);
        Assert.True(rounded.Weights(0).AsSpan().SequenceEqual(rounded.Weights(2)));
    }

    private static void RequireSame(Trained one, Trained shared)
    {
        Assert.Equal(one.Steps.Length, shared.Steps.Length);
        foreach (var (expected, found) in one.Steps.Zip(shared.Steps))
        {
            Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second, pair.First - (LossTolerance * Math.Abs(pair.First)), pair.First + (LossTolerance * Math.Abs(pair.First))));
        }

        Assert.InRange(one.Values().Zip(shared.Values()).Average(pair => Math.Abs(pair.First - pair.Second)), 0, WeightTolerance);
    }

    private Trained Result(string training, int ranks) => new(clips.In(Invariant($"{training}-{ranks}")));

    /// <summary>All trainings in one start of the program, once.</summary>
    private void TrainAll(int ranks)
    {
        if (Directory.Exists(clips.In(Invariant($"pretraining-{ranks}"))))
        {
            return;
        }

        var jobs = Trainings.Select(training => new[] { "--", "train", $"list={clips.List}", $"out={clips.In(Invariant($"{training.Key}-{ranks}"))}" }.Concat(training.Value));
        var result = MpiRun.Run(ranks, [.. jobs.SelectMany(job => ranks > 1 ? job.Append(SmallBuckets) : job).Skip(1)]);
        Assert.True(result.ExitCode == 0, result.All);
    }
}
