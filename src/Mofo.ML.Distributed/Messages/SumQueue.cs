using System.Collections.Concurrent;
using Mofo.ML.Trainers.Training.World;

namespace Mofo.ML.Distributed.Messages;

/// <summary>Sums of gradients, one after the other on a thread of their own, so that the next bucket is packed while one travels.</summary>
internal sealed class SumQueue : IDisposable
{
    private readonly BlockingCollection<Pending> _waiting = [];
    private readonly Thread _thread;

    public SumQueue()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "Mofo.ML gradient exchange" };
        _thread.Start();
    }

    /// <summary>Does this once all sums before it are done.</summary>
    public IPendingSum Add(Action sum)
    {
        var pending = new Pending(sum);
        _waiting.Add(pending);
        return pending;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    private void Work()
    {
        foreach (var pending in _waiting.GetConsumingEnumerable())
        {
            pending.Run();
        }
    }

    private sealed class Pending(Action sum) : IPendingSum
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run()
        {
            try
            {
                sum();
                _done.SetResult();
            }
#pragma warning disable CA1031 // Thrown where the sum is waited for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _done.SetException(e);
            }
        }

        public void Wait() => _done.Task.GetAwaiter().GetResult();
    }
}
