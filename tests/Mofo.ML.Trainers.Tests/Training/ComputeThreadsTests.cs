using Mofo.ML.Trainers.Training.Compute;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.Training;

[Collection(nameof(TorchThreads))]
public sealed class ComputeThreadsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mofo-threads-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(0, 64, 2, 1, false, 2)] // a container with two of 64 processors
    [InlineData(0, 8, 8, 1, false, 8)]
    [InlineData(0, 4, 8, 1, false, 4)] // never more than torch would take
    [InlineData(0, 8, 8, 3, false, 2)] // three processes share a machine
    [InlineData(0, 8, 2, 4, false, 1)]
    [InlineData(0, 6, 2, 1, true, 6)] // the environment names it
    [InlineData(5, 64, 2, 1, false, 5)]
    public void The_number_follows_what_the_process_may_use(int asked, int torchThreads, int processors, int local, bool isSetByUser, int expected) =>
        Assert.Equal(expected, ComputeThreads.Choose(asked, torchThreads, processors, local, isSetByUser));

    [Fact]
    public void A_resumed_run_takes_the_number_of_its_checkpoint()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "There is one processor only.");
        var before = torch.get_num_threads();
        var first = TinyTraining.Options(_root);
        (first.ComputeThreads, first.CheckpointEvery) = (1, 1);
        using var stop = new CancellationTokenSource();
        first.CancellationToken = stop.Token;
        Assert.ThrowsAny<OperationCanceledException>(() => new TinyTraining { Watch = progress => CancelAt(progress.Step, stop) }.Run(first));

        var threads = 0;
        var resumed = new TinyTraining { Watch = _ => threads = torch.get_num_threads() };
        var second = TinyTraining.Options(_root);
        second.CheckpointEvery = 1;
        _ = resumed.Run(second);
        Assert.Equal(1, threads);
        Assert.Equal(before, torch.get_num_threads());
        Assert.DoesNotContain(resumed.Warnings, warning => warning.Contains("compute threads", StringComparison.Ordinal));
    }

    private static void CancelAt(int step, CancellationTokenSource stop)
    {
        if (step == 2)
        {
            stop.Cancel();
        }
    }
}

/// <summary>Torch's number of threads belongs to the process: tests that set it run alone.</summary>
[CollectionDefinition(nameof(TorchThreads), DisableParallelization = true)]
public sealed class TorchThreads;
