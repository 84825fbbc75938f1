using Mofo.ML.Transforms.Loading;

namespace Mofo.ML.Transforms.Tests.Loading;

/// <summary>A request that is slow to come holds up nothing but itself.</summary>
public sealed class AheadLoaderTests : IDisposable
{
    private readonly ManualResetEventSlim _asked = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly ManualResetEventSlim _closed = new();

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _asked.Dispose();
        _release.Dispose();
        _closed.Dispose();
    }

    [Fact]
    public void A_result_is_handed_out_while_the_next_request_is_still_to_come()
    {
        using var loader = Loader();
        Assert.True(loader.TryTake(out var first));
        Assert.Equal(1, first.Value);
        _asked.Wait(Limit);
        _release.Set();
        Assert.True(loader.TryTake(out var second));
        Assert.Equal(2, second.Value);
        Assert.False(loader.TryTake(out _));
    }

    [Fact]
    public void Cancellation_does_not_wait_for_a_request()
    {
        using var cancel = new CancellationTokenSource();
        using var loader = Loader(cancel.Token);
        Assert.True(loader.TryTake(out _));
        _asked.Wait(Limit);
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => loader.TryTake(out _));
    }

    [Fact]
    public void Disposal_does_not_wait_for_a_request_and_the_sequence_is_closed_once_it_has_come()
    {
        var loader = Loader();
        Assert.True(loader.TryTake(out _));
        _asked.Wait(Limit);
        loader.Dispose();
        Assert.False(_closed.IsSet);
        _release.Set();
        _closed.Wait(Limit);
    }

    [Fact]
    public void Disposal_waits_for_results_in_the_making_and_disposes_of_them()
    {
        using var loading = new ManualResetEventSlim();
        var disposed = 0;
        var loader = new AheadLoader<int, IDisposable>(
            [1, 2],
            (_, stop) =>
            {
                loading.Set();
                stop.WaitHandle.WaitOne();
                return new Closing(() => Interlocked.Increment(ref disposed));
            },
            workers: 2,
            ahead: 2);
        loading.Wait(Limit);
        loader.Dispose();
        Assert.InRange(disposed, 1, 2);
    }

    [Fact]
    public void No_more_threads_start_than_there_are_requests()
    {
        var threads = new HashSet<int>();
        using var loader = new AheadLoader<int, int>(
            [1],
            (request, _) =>
            {
                lock (threads)
                {
                    threads.Add(Environment.CurrentManagedThreadId);
                }

                return request;
            },
            workers: 50,
            ahead: 100);
        Assert.True(loader.TryTake(out _));
        Assert.False(loader.TryTake(out _));
        Assert.Single(threads);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void Threads_and_room_must_be_positive(int workers, int ahead) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AheadLoader<int, int>([], (request, _) => request, workers, ahead));

    private AheadLoader<int, int> Loader(CancellationToken cancel = default) => new(SlowSecond(), (request, _) => request, workers: 2, ahead: 4, cancel: cancel);

    private IEnumerable<int> SlowSecond()
    {
        try
        {
            yield return 1;
            _asked.Set();
            _release.Wait(Limit);
            yield return 2;
        }
        finally
        {
            _closed.Set();
        }
    }

    private sealed class Closing(Action onDispose) : IDisposable
    {
        public void Dispose() => onDispose();
    }
}
