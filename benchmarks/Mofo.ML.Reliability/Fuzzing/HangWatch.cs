namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>Notices when the number of the input has not changed for too long.</summary>
/// <remarks>
/// On a busy machine the clock runs while this process waits for its turn. What counts is an interval in which the process had the processor for half of the time; one that uses none, as in a
/// deadlock, is found after <see cref="Patience"/> intervals.
/// </remarks>
internal sealed class HangWatch : IDisposable
{
    private const int Patience = 10;

    private readonly Timer _timer;
    private long _last = -1;
    private int _intervals;
    private TimeSpan _used;

    /// <param name="limit">How long one input may take.</param>
    /// <param name="position">The number of the input in work.</param>
    /// <param name="found">Told the number; on another thread.</param>
    public HangWatch(TimeSpan limit, Func<long> position, Action<long> found) => _timer = new Timer(_ => Look(limit, position(), found), null, limit, limit);

    public void Dispose() => _timer.Dispose();

    private void Look(TimeSpan limit, long now, Action<long> found)
    {
        var used = Environment.CpuUsage.TotalTime;
        _intervals = now == _last ? _intervals + 1 : 0;
        if (_intervals > 0 && (used - _used > limit / 2 || _intervals == Patience))
        {
            found(now);
        }

        (_last, _used) = (now, used);
    }
}
