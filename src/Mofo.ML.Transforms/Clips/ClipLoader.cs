using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Prepares clips ahead on threads of its own and hands them out in the order of the requests.</summary>
/// <remarks>
/// What comes out depends on the requests and the seed alone, never on the number of threads or their timing: each
/// request gets a <see cref="Random"/> of its own and its own slot in a ring. Requests are drawn lazily, so they may run
/// over epochs without end. One thread consumes; results not consumed are disposed with the loader.
/// </remarks>
internal sealed class ClipLoader<T> : IDisposable
{
    private readonly Func<ClipOrder, Random, CancellationToken, T> _load;
    private readonly Func<ClipOrder, Exception, bool>? _skip;
    private readonly TimeProvider _time;
    private readonly int _seed;
    private readonly CancellationToken _callerCancel;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _wake;
    private readonly Thread[] _workers;

    // All below are guarded by the lock; a request numbered n lives in slot n % slots.
    private readonly object _lock = new();
    private readonly Slot[] _slots;
    private readonly IEnumerator<ClipOrder> _orders;
    private long _taken;
    private long _consumed;
    private bool _exhausted;
    private bool _disposed;

    /// <param name="orders">What to load, in this order; enumerated on the loader's threads, one at a time.</param>
    /// <param name="load">Makes one result; called on several threads at once.</param>
    /// <param name="options">Threads, clips ahead, seed.</param>
    /// <param name="skip">Asked on the consumer's thread, in order, when a request failed: true drops it, false (or no function) throws.</param>
    /// <param name="cancel">Ends waiting and loading.</param>
    public ClipLoader(
        IEnumerable<ClipOrder> orders,
        Func<ClipOrder, Random, CancellationToken, T> load,
        ClipLoaderOptions options,
        Func<ClipOrder, Exception, bool>? skip = null,
        CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Workers, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Ahead, nameof(options));
        _load = load;
        _skip = skip;
        _seed = options.Seed;
        _time = options.Time;
        _callerCancel = cancel;
        _orders = orders.GetEnumerator();
        _slots = new Slot[options.Ahead];
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _wake = _stop.Token.UnsafeRegister(static state => ((ClipLoader<T>)state!).WakeAll(), this);
        _workers = new Thread[options.Workers];
        for (var i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Thread(Work) { IsBackground = true, Name = Invariant($"Mofo.ML clip loader {i}") };
            _workers[i].Start();
        }
    }

    /// <summary>How long the consumer has waited for results so far.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>How many failed requests were dropped.</summary>
    public int Skipped { get; private set; }

    /// <summary>The next result in order, waiting for it if need be; false when the requests are used up.</summary>
    /// <exception cref="VideoException">The video of this request cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Loading this request failed in another way; the inner exception says how.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool TryNext([MaybeNullWhen(false)] out T item) => TryNext(out item, out _);

    /// <summary>The next result in order and the request that it answers.</summary>
    public bool TryNext([MaybeNullWhen(false)] out T item, out ClipOrder order)
    {
        while (true)
        {
            if (!TryTake(out var slot))
            {
                item = default;
                order = default;
                return false;
            }

            order = slot.Order;
            if (slot.Error is null)
            {
                item = slot.Value!;
                return true;
            }

            if (_skip is null || slot.OrderFailed || !_skip(order, slot.Error))
            {
                Throw(slot);
            }

            Skipped++;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _stop.Cancel();
        foreach (var worker in _workers)
        {
            worker.Join();
        }

        foreach (var slot in _slots)
        {
            (slot.Value as IDisposable)?.Dispose();
        }

        _wake.Dispose();
        _stop.Dispose();
        _orders.Dispose();
    }

    private bool TryTake(out Slot slot)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ref var next = ref _slots[_consumed % _slots.Length];
            if (!Settled(next))
            {
                var from = _time.GetTimestamp();
                while (!Settled(next))
                {
                    Monitor.Wait(_lock);
                }

                Waited += _time.GetElapsedTime(from);
            }

            _callerCancel.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed, this);
            slot = next;
            if (!next.Done)
            {
                return false;
            }

            next = default;
            _consumed++;
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Whether waiting for the slot makes no more sense: it is filled, it never will be, or all is over.</summary>
    private bool Settled(in Slot slot) => slot.Done || (_exhausted && _consumed == _taken) || _stop.IsCancellationRequested;

    private void Work()
    {
        while (TryTakeOrder(out var number, out var order))
        {
            var slot = new Slot { Order = order, Done = true };
            try
            {
                slot.Value = _load(order, ClipSeed.RandomFor(_seed, order.Epoch, order.Item), _stop.Token);
            }
#pragma warning disable CA1031 // Whatever goes wrong on a worker surfaces at the consumer, in order.
            catch (Exception error)
#pragma warning restore CA1031
            {
                slot.Error = error;
            }

            lock (_lock)
            {
                _slots[number % _slots.Length] = slot;
                Monitor.PulseAll(_lock);
            }
        }
    }

    private bool TryTakeOrder(out long number, out ClipOrder order)
    {
        lock (_lock)
        {
            while (!_stop.IsCancellationRequested && !_exhausted && _taken - _consumed >= _slots.Length)
            {
                Monitor.Wait(_lock);
            }

            number = _taken;
            order = default;
            if (_stop.IsCancellationRequested || _exhausted)
            {
                return false;
            }

            try
            {
                _exhausted = !_orders.MoveNext();
            }
#pragma warning disable CA1031 // A failing sequence of requests surfaces at the consumer like a failing clip.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _exhausted = true;
                _slots[_taken++ % _slots.Length] = new Slot { Error = error, OrderFailed = true, Done = true };
            }

            if (_exhausted)
            {
                Monitor.PulseAll(_lock);
                return false;
            }

            order = _orders.Current;
            _taken++;
            return true;
        }
    }

    private void WakeAll()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    private static void Throw(in Slot slot)
    {
        if (slot.Error is VideoException or OperationCanceledException || slot.OrderFailed)
        {
            ExceptionDispatchInfo.Throw(slot.Error!);
        }

        throw new InvalidOperationException(Invariant($"Item {slot.Order.Item} of epoch {slot.Order.Epoch} could not be loaded: {slot.Error!.Message}"), slot.Error);
    }

    private struct Slot
    {
        public ClipOrder Order;
        public T? Value;
        public Exception? Error;
        public bool OrderFailed;
        public bool Done;
    }
}
