using System.Runtime.ExceptionServices;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Trainers.Training.World;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>The processes that train one model together, one of which this is. The package Mofo.ML.Distributed makes one from MPI.</summary>
/// <remarks>
/// Set <see cref="MofoTrainingOptions.World"/> to it, in the same program on every process. Each process computes its share of every batch; gradients are summed; all processes
/// take the same step. The batch of the options is the batch of all processes together, so learning rate, schedule, masks, augmentation and mixing are those of one process.
/// </remarks>
public abstract class TrainingWorld
{
    private readonly HashSet<Exception> _agreed = new(ReferenceEqualityComparer.Instance);

    private protected TrainingWorld()
    {
    }

    /// <summary>Number of this process, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>Number of processes, at least 1.</summary>
    public abstract int Size { get; }

    /// <summary>Whether this is the process that writes checkpoints, logs and event files: rank 0.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>A receiver of warnings that are the same in all processes: the first alone passes them on.</summary>
    internal Action<string> FirstAlone(Action<string> warn) => IsFirst ? warn : _ => { };

    /// <summary>One process that trains alone: every method below leaves its argument as it is.</summary>
    internal static TrainingWorld Alone { get; } = new OneProcess();

    /// <summary>Processes on this machine, this one included.</summary>
    internal abstract int LocalSize { get; }

    /// <summary>Name of the machine that a rank runs on.</summary>
    internal abstract string HostOf(int rank);

    /// <summary>Replaces every value by its sum over all ranks: the same bits on all of them.</summary>
    internal abstract void Sum(Span<double> values);

    /// <summary>Replaces the bytes by those of rank 0; all ranks give the same length.</summary>
    internal abstract void Broadcast(Span<byte> bytes);

    /// <summary>One text of every rank, by rank, on all ranks.</summary>
    internal abstract IReadOnlyList<string> Gather(string text);

    /// <summary>Gradients that travel together.</summary>
    internal virtual int BucketValues => GradientExchange.DefaultBucket;

    /// <summary>Whether <see cref="BeginSum"/> takes tensors on this device; if not, they are copied to memory first.</summary>
    internal abstract bool CanSumOn(Device device);

    /// <summary>Begins to replace every value of a contiguous float32 tensor by its sum over all ranks. Sums run one after the other, in the order of the calls, which all ranks share.</summary>
    internal abstract IPendingSum BeginSum(Tensor values);

    /// <summary>Ends all processes at once: for failures that the others do not wait for.</summary>
    internal abstract void Abort(Exception error);

    /// <summary>Runs work on every rank; if it fails on one, it fails on all.</summary>
    /// <exception cref="RankFailedException">It failed on another rank; there the original exception is thrown.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, on this or another rank.</exception>
    internal T Together<T>(Func<T> work)
    {
        if (Size == 1)
        {
            return work();
        }

        T? result = default;
        Exception? error = null;
        try
        {
            result = work();
        }
#pragma warning disable CA1031 // Whatever goes wrong, the other ranks must be notified before it is thrown.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }

        Span<double> failed = [error is null ? 0 : 1];
        Sum(failed);
        if (failed[0] > 0)
        {
            (result as IDisposable)?.Dispose();
            ThrowTogether(error);
        }

        return result!;
    }

    /// <summary>Runs work on every rank; if it fails on one, it fails on all.</summary>
    internal void Together(Action work) => Together(() =>
    {
        work();
        return true;
    });

    /// <summary>Throws where some rank has an error; called by all ranks.</summary>
    internal void ThrowTogether(Exception? error)
    {
        var failures = Gather(RankFailure.Describe(error));
        if (error is not null)
        {
            _ = _agreed.Add(error);
            ExceptionDispatchInfo.Throw(error);
        }

        var rank = failures.Index().First(failure => failure.Item.Length > 0).Index;
        var heard = RankFailure.Exception(failures[rank], rank, HostOf(rank));
        _ = _agreed.Add(heard);
        throw heard;
    }

    /// <summary>Whether all ranks stop for this reason.</summary>
    internal bool IsAgreed(Exception error) => _agreed.Contains(error);
}
