namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>Notices when the number of the input has not changed for too long.</summary>
internal sealed class HangWatch : IDisposable
{
    private readonly Timer _timer;
    private long _last = -1;

    /// <param name="limit">How long one input may take.</param>
    /// <param name="position">The number of the input in work.</param>
    /// <param name="found">Told the number; on another thread.</param>
    public HangWatch(TimeSpan limit, Func<long> position, Action<long> found) => _timer = new Timer(
        _ =>
        {
            var now = position();
            if (now == _last)
            {
                found(now);
            }

            _last = now;
        },
        null,
        limit,
        limit);

    public void Dispose() => _timer.Dispose();
}
