using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Mofo.ML.Trainers.Model.Layers;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Mofo.ML.Trainers.Training.World;

/// <summary>Threads of this process that train one model together, each on a copy of it. They meet at barriers and exchange through memory.</summary>
/// <remarks>
/// The products of a small network are too short to share among the threads of torch. Threads that each compute a share of the batch share everything.
/// Sums are taken in the order of the ranks, so that they have the same bits on all of them, and in every run with this number of workers.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Barrier _barrier;
    private readonly CancellationTokenSource _broken = new();
    private readonly Exception?[] _errors;
    private readonly double[][] _numbers;
    private readonly string[] _texts;
    private readonly Tensor?[] _values;
    private byte[] _bytes = [];

    private WorkerTeam(int size)
    {
        _barrier = new Barrier(size);
        (_errors, _numbers, _texts, _values) = (new Exception?[size], new double[size][], new string[size], new Tensor?[size]);
    }

    private int Size => _texts.Length;

    /// <summary>Runs work on this thread (rank 0) and on new ones, and returns when all are done.</summary>
    /// <exception cref="Exception">What went wrong on one of them, as it was thrown there; then all have stopped.</exception>
    public static void Run(int workers, Action<TrainingWorld> work)
    {
        using var team = new WorkerTeam(workers);
        Thread[] others = [.. Enumerable.Range(1, workers - 1).Select(rank => new Thread(() => team.Work(rank, work)) { IsBackground = true, Name = Invariant($"Mofo.ML training worker {rank}") })];
        Array.ForEach(others, thread => thread.Start());
        team.Work(0, work);
        Array.ForEach(others, thread => thread.Join());
        team.ThrowCause();
    }

    public void Dispose()
    {
        _barrier.Dispose();
        _broken.Dispose();
    }

    private void Work(int rank, Action<TrainingWorld> work)
    {
        try
        {
            work(new Worker(this, rank));
        }
#pragma warning disable CA1031 // It is thrown again on the thread that started the team.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(rank, error);
        }
    }

    private void Fail(int rank, Exception error)
    {
        _errors[rank] ??= error;
        _broken.Cancel();
    }

    /// <summary>The others only report what they heard; the user gets the error itself.</summary>
    private void ThrowCause()
    {
        var errors = _errors.OfType<Exception>().ToList();
        if ((errors.Find(error => error is not (RankFailedException or OperationCanceledException)) ?? errors.FirstOrDefault()) is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    /// <summary>Waits for all.</summary>
    private void Meet(int rank)
    {
        try
        {
            _barrier.SignalAndWait(_broken.Token);
        }
        catch (OperationCanceledException)
        {
            var (failed, error) = _errors.Index().First(pair => pair.Item is not null);
            throw failed == rank ? error! : RankFailure.Exception(RankFailure.Describe(error), failed, Environment.MachineName);
        }
    }

    /// <summary>One thread of the team, as the trainer sees it.</summary>
    private sealed class Worker(WorkerTeam team, int rank) : TrainingWorld
    {
        public override int Rank => rank;

        public override int Size => team.Size;

        internal override int LocalSize => team.Size;

        /// <summary>All in one: workers meet for a sum, so that a backward pass which stopped for it would only wait.</summary>
        internal override int BucketValues => int.MaxValue;

        internal override string HostOf(int rank) => Environment.MachineName;

        internal override void Sum(Span<double> values)
        {
            team._numbers[rank] = values.ToArray();
            team.Meet(rank);
            values.Clear();
            foreach (var part in team._numbers)
            {
                TensorPrimitives.Add(values, part, values);
            }

            team.Meet(rank);
        }

        internal override void Broadcast(Span<byte> bytes)
        {
            if (IsFirst)
            {
                team._bytes = bytes.ToArray();
            }

            team.Meet(rank);
            team._bytes.CopyTo(bytes);
            team.Meet(rank);
        }

        internal override IReadOnlyList<string> Gather(string text)
        {
            team._texts[rank] = text;
            team.Meet(rank);
            string[] all = [.. team._texts];
            team.Meet(rank);
            return all;
        }

        internal override bool CanSumOn(Device device) => false;

        internal override IPendingSum BeginSum(Tensor values)
        {
            team._values[rank] = values;
            team.Meet(rank);
            var (start, length) = ShareOf((int)values.numel());
            var sum = Floats(team._values[0]!).Slice(start, length);
            foreach (var other in team._values.AsSpan(1))
            {
                TensorPrimitives.Add(sum, Floats(other!).Slice(start, length), sum);
            }

            team.Meet(rank);
            if (!IsFirst)
            {
                Floats(team._values[0]!).CopyTo(Floats(values));
            }

            team.Meet(rank);
            return OneProcess.Finished;
        }

        internal override void Abort(Exception error) => team.Fail(rank, error);

        /// <summary>The values that this thread adds up.</summary>
        private (int Start, int Length) ShareOf(int count)
        {
            var start = (int)((long)count * rank / Size);
            return (start, (int)((long)count * (rank + 1) / Size) - start);
        }

        private static Span<float> Floats(Tensor values) => MemoryMarshal.Cast<byte, float>(TensorMemory.Bytes(values));
    }
}
