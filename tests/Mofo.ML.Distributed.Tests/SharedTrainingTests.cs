namespace Mofo.ML.Distributed.Tests;

/// <summary>Several processes train what one process trains: the same clips, masks, augmentation, mixing and dropout in every step.</summary>
public sealed class SharedTrainingTests(TrainingClips clips) : IClassFixture<TrainingClips>
{
    /// <summary>Largest relative difference of a loss: gradients are summed in another order, and AdamW divides by their size.</summary>
    private const double LossTolerance = 2e-4;

    /// <summary>Mean difference of a weight, of weights that move by up to 0.01.</summary>
    private const double WeightTolerance = 1e-5;

    [Theory]
    [InlineData("pretraining", 1, "")]
    [InlineData("pretraining", 2, "accumulation=2 batch=4")]
    [InlineData("pretraining", 4, "clipsPerVideo=2 batch=16")]
    [InlineData("finetuning", 2, "")]
    [InlineData("finetuning", 4, "")]
    public void N_ranks_give_the_losses_and_weights_of_one_process(string stage, int ranks, string more)
    {
        MpiRun.Require();
        var one = Train($"{stage}-one-{ranks}", 0, stage, more);
        var shared = Train($"{stage}-{ranks}", ranks, stage, more);
        RequireSame(one, shared);
        for (var rank = 1; rank < ranks; rank++)
        {
            Assert.True(shared.Weights(0).AsSpan().SequenceEqual(shared.Weights(rank)), $"Rank {rank} has other weights than rank 0.");
        }
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

    private Trained Train(string name, int ranks, string stage, string more)
    {
        var result = MpiRun.Run(ranks, ["train", $"stage={stage}", $"list={clips.List}", $"out={clips.In(name)}", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.True(result.ExitCode == 0, result.All);
        return new Trained(clips.In(name));
    }
}
