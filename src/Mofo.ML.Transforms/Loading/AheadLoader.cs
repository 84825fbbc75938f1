namespace Mofo.ML.Transforms.Loading;

/// <summary>Works on requests ahead, on threads of its own, and hands the results out in the order of the requests.</summary>
/// <remarks>
/// Requests are drawn lazily by one thread at a time, and no lock is held meanwhile: a request that is slow to come delays neither the results
/// of those before it nor cancellation nor disposal. One thread consumes; results not consumed are disposed with the loader.
/// </remarks>
internal sealed class AheadLoader<TRequest, TResult> : IDisposable
{
    private readonly Func<TRequest, CancellationToken, TResult> _load;
    private readonly int _workers;
    private readonly TimeProvider _time;
    private readonly CancellationToken _callerCancel;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopped;
    private readonly CancellationTokenRegistration _wake;
    private readonly IEnumerator<TRequest> _requests;
    private readonly ExclusiveUse _drawing;

    // All below are guarded by the lock; a request numbered n lives in slot n % slots.
    private readonly object _lock = new();
    private readonly Slot[] _slots;
    private int _started;
    private int _loading;
    private long _reserved;
    private long _taken;
    private long _consumed;
    private bool _exhausted;
    private bool _disposed;

    /// <param name="requests">What to work on, in this order; enumerated on the loader's threads, one at a time.</param>
    /// <param name="load">Makes one result; called on several threads at once.</param>
    /// <param name="workers">Threads at most; they start as requests come.</param>
    /// <param name="ahead">How many requests may be worked on or waiting ahead of the consumer: bounds the memory.</param>
    /// <param name="time">Clock for the waiting time.</param>
    /// <param name="cancel">Ends waiting and loading.</param>
    public AheadLoader(
        IEnumerable<TRequest> requests, Func<TRequest, CancellationToken, TResult> load, int workers, int ahead, TimeProvider? time = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead);
        (_load, _workers, _time, _callerCancel) = (load, workers, time ?? TimeProvider.System, cancel);
        _requests = requests.GetEnumerator();
        _drawing = new ExclusiveUse(_requests);
        _slots = new Slot[ahead];
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _stopped = _stop.Token;
        _wake = _stopped.UnsafeRegister(static state => ((AheadLoader<TRequest, TResult>)state!).WakeAll(), this);
        lock (_lock)
        {
            StartWorker();
        }
    }

    /// <summary>How long the consumer has waited for results so far.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The next result in order, waiting for it if need be; false when the requests are used up.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool TryTake(out LoadResult<TRequest, TResult> result)
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
            result = next.Result;
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

    /// <summary>Ends the work. Waits for results in the making, which are cancelled, but not for a request that is slow to come.</summary>
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
        lock (_lock)
        {
            while (_loading > 0)
            {
                Monitor.Wait(_lock);
            }
        }

        foreach (var slot in _slots)
        {
            (slot.Result.Value as IDisposable)?.Dispose();
        }

        _drawing.Dispose();
        _wake.Dispose();
        _stop.Dispose();
    }

    /// <summary>Whether waiting for the slot makes no more sense: it is filled, it never will be, or all is over.</summary>
    private bool Settled(in Slot slot) => slot.Done || (_exhausted && _consumed == _taken) || _stopped.IsCancellationRequested;

    private void StartWorker()
    {
        _started++;
        new Thread(Work) { IsBackground = true, Name = Invariant($"Mofo.ML loader {_started}") }.Start();
    }

    private void Work()
    {
        while (TryReserve() && _drawing.Run(TryDraw) is { } drawn)
        {
            TResult? value = default;
            Exception? failure = null;
            try
            {
                value = _load(drawn.Request, _stopped);
            }
#pragma warning disable CA1031 // Whatever goes wrong on a worker surfaces at the consumer, in order.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = error;
            }

            lock (_lock)
            {
                _slots[drawn.Number % _slots.Length] = new Slot(new(drawn.Request, value, failure, RequestFailed: false), Done: true);
                _loading--;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Waits until there is room for one more result; false when there is nothing left to do.</summary>
    private bool TryReserve()
    {
        lock (_lock)
        {
            while (!_stopped.IsCancellationRequested && !_exhausted && _reserved - _consumed >= _slots.Length)
            {
                Monitor.Wait(_lock);
            }

            _reserved++;
            return !_stopped.IsCancellationRequested && !_exhausted;
        }
    }

    private Drawn? TryDraw()
    {
        if (_exhausted)
        {
            return null;
        }

        var (more, failure) = (false, default(Exception));
        try
        {
            more = _requests.MoveNext();
        }
#pragma warning disable CA1031 // A failing sequence of requests surfaces at the consumer like a failing result.
        catch (Exception error)
#pragma warning restore CA1031
        {
            failure = error;
        }

        lock (_lock)
        {
            _exhausted = !more;
            if (failure is not null)
            {
                _slots[_taken++ % _slots.Length] = new Slot(new(default, default, failure, RequestFailed: true), Done: true);
            }

            if (_exhausted || _stopped.IsCancellationRequested)
            {
                Monitor.PulseAll(_lock);
                return null;
            }

            _loading++;
            if (_started < _workers)
            {
                StartWorker();
            }

            return new Drawn(_taken++, _requests.Current);
        }
    }

    private void WakeAll()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    private readonly record struct Slot(LoadResult<TRequest, TResult> Result, bool Done);

    private sealed record Drawn(long Number, TRequest Request);
}
