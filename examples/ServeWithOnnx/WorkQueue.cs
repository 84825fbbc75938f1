namespace ServeWithOnnx;

/// <summary>There are more videos than may wait.</summary>
internal sealed class QueueFullException : Exception;

/// <summary>Bounds how many videos are worked on and how many wait for it. An answer comes in time even where the work itself cannot be stopped at once.</summary>
internal sealed class WorkQueue(ServiceSettings settings) : IDisposable
{
    /// <summary>What work gets to notice that its time is over.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns = new(settings.ConcurrencyInForce);
    private readonly int _most = settings.ConcurrencyInForce + settings.Queue;
    private int _count;

    /// <summary>Videos that wait or are worked on.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsFull => Count >= _most;

    /// <summary>Waits for a turn, without counting the time, and works.</summary>
    /// <param name="work">Must end soon after its token is cancelled. If it does not, its turn stays taken, and the answer comes without it.</param>
    /// <param name="ended">Called once when the work has ended, or will not begin.</param>
    /// <param name="gone">The sender is gone.</param>
    /// <exception cref="QueueFullException">Too many wait.</exception>
    /// <exception cref="OperationCanceledException">The time is over, or the sender is gone.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, T> work, Action ended, CancellationToken gone)
    {
        var running = await Start(work, ended, gone);
        try
        {
            return await running.WaitAsync(TimeSpan.FromSeconds(settings.TimeoutSeconds) + Grace, gone);
        }
        catch (TimeoutException)
        {
            throw new OperationCanceledException();
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<Task<T>> Start<T>(Func<CancellationToken, T> work, Action ended, CancellationToken gone)
    {
        try
        {
            if (Interlocked.Increment(ref _count) > _most)
            {
                throw new QueueFullException();
            }

            await _turns.WaitAsync(gone);
        }
        catch
        {
            _ = Interlocked.Decrement(ref _count);
            ended();
            throw;
        }

        return Task.Run(
            () =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
                limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
                try
                {
                    return work(limit.Token);
                }
                finally
                {
                    _ = Interlocked.Decrement(ref _count);
                    _ = _turns.Release();
                    ended();
                }
            },
            CancellationToken.None);
    }
}
