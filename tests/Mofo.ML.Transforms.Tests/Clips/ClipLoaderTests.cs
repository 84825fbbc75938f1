using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Tests.Clips;

public class ClipLoaderTests
{
    private static readonly ClipOrder[] Thousand = ClipOrder.Shuffled(1000, epoch: 3, seed: 5);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(4, 16)]
    public void Results_come_in_request_order(int workers, int ahead)
    {
        // Odd items spin for a while, so neighbours finish out of turn.
        using var loader = new ClipLoader<int>(Thousand, (order, _, _) => Spin(order.Item % 2 * 2000) + order.Item, Options(workers, ahead));
        Assert.Equal(Thousand.Select(o => o.Item), Drain(loader));
    }

    [Fact]
    public void Draws_depend_on_seed_epoch_and_item_and_not_on_the_number_of_workers()
    {
        int[] Draws(int workers, int seed, ClipOrder[] orders)
        {
            using var loader = new ClipLoader<int>(orders, (_, random, _) => random.Next(), Options(workers, 8, seed));
            return [.. Drain(loader)];
        }

        var one = Draws(1, 5, Thousand);
        Assert.Equal(one, Draws(2, 5, Thousand));
        Assert.Equal(one, Draws(4, 5, Thousand));
        Assert.Equal(Enumerable.Reverse(one), Draws(4, 5, [.. Enumerable.Reverse(Thousand)]));
        Assert.NotEqual(one, Draws(1, 6, Thousand));
        Assert.Empty(one.Intersect(Draws(1, 5, [.. Thousand.Select(o => o with { Epoch = 4 })])));
    }

    [Fact]
    public void An_epoch_is_a_permutation_and_differs_from_the_next()
    {
        Assert.Equal(Enumerable.Range(0, 1000), Thousand.Select(o => o.Item).Order());
        Assert.Equal(Thousand, ClipOrder.Shuffled(1000, 3, 5));
        Assert.NotEqual(Thousand.Select(o => o.Item), ClipOrder.Shuffled(1000, 4, 5).Select(o => o.Item));
    }

    [Fact]
    public void A_failure_surfaces_in_its_turn_with_its_item()
    {
        using var loader = new ClipLoader<int>(ClipOrder.InTurn(10), (order, _, _) => order.Item == 4 ? throw new FormatException("bad") : order.Item, Options(3, 6));
        for (var i = 0; i < 4; i++)
        {
            Assert.True(loader.TryNext(out var item, out _));
            Assert.Equal(i, item);
        }

        var error = Assert.Throws<InvalidOperationException>(() => loader.TryNext(out _, out _));
        Assert.Equal("Item 4 of epoch 0 could not be loaded: bad", error.Message);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Equal([5, 6, 7, 8, 9], Drain(loader));
    }

    [Fact]
    public void A_bad_video_surfaces_as_itself()
    {
        using var loader = new ClipLoader<int>(ClipOrder.InTurn(1), (_, _, _) => throw new VideoException("a.mp4", "is empty"), Options(1, 1));
        Assert.Contains("a.mp4", Assert.Throws<VideoException>(() => loader.TryNext(out _, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_items_are_dropped_when_the_caller_says_so()
    {
        var asked = new List<int>();
        using var loader = new ClipLoader<int>(
            ClipOrder.InTurn(10),
            (order, _, _) => order.Item % 3 == 0 ? throw new VideoException("a.mp4", "is empty") : order.Item,
            Options(4, 4),
            (order, _) => { asked.Add(order.Item); return true; });
        Assert.Equal([1, 2, 4, 5, 7, 8], Drain(loader));
        Assert.Equal([0, 3, 6, 9], asked);
        Assert.Equal(4, loader.Skipped);
    }

    [Fact]
    public void A_failing_sequence_of_requests_surfaces_after_what_came_before()
    {
        static IEnumerable<ClipOrder> Orders()
        {
            yield return new(0, 1);
            throw new FormatException("list");
        }

        using var loader = new ClipLoader<int>(Orders(), (order, _, _) => order.Item, Options(2, 4), (_, _) => true);
        Assert.True(loader.TryNext(out _, out _));
        Assert.Throws<FormatException>(() => loader.TryNext(out _, out _));
    }

    [Fact]
    public void Cancellation_frees_a_waiting_consumer()
    {
        using var cancel = new CancellationTokenSource();
        using var loading = new ManualResetEventSlim();
        using var loader = new ClipLoader<int>(ClipOrder.InTurn(3), (order, _, token) => Block(loading, token), Options(2, 2), cancel: cancel.Token);
        var consumer = Task.Run(() => loader.TryNext(out _, out _), TestContext.Current.CancellationToken);
        loading.Wait(TestContext.Current.CancellationToken);
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => consumer.GetAwaiter().GetResult());
    }

    [Fact]
    public void Disposal_frees_workers_and_a_waiting_consumer()
    {
        using var loading = new ManualResetEventSlim();
        var loader = new ClipLoader<int>(ClipOrder.InTurn(3), (order, _, token) => Block(loading, token), Options(2, 2));
        var consumer = Task.Run(() => loader.TryNext(out _, out _), TestContext.Current.CancellationToken);
        loading.Wait(TestContext.Current.CancellationToken);
        loader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => consumer.GetAwaiter().GetResult());
        loader.Dispose();
    }

    [Fact]
    public void No_more_than_the_agreed_number_is_loaded_ahead_and_all_of_it_is_disposed()
    {
        var live = 0;
        var most = 0;
        using var full = new CountdownEvent(5);
        var loader = new ClipLoader<Counted>(
            Enumerable.Range(0, int.MaxValue).Select(i => new ClipOrder(0, i)),
            (_, _, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref live));
                if (!full.IsSet)
                {
                    full.Signal();
                }

                return new Counted(() => Interlocked.Decrement(ref live));
            },
            Options(1, 5));
        full.Wait(TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(loader.TryNext(out var item, out _));
            item.Dispose();
        }

        loader.Dispose();
        Assert.Equal(0, live);
        // Five in the ring and the one in the consumer's hands.
        Assert.InRange(most, 5, 6);
    }

    [Fact]
    public void Waiting_is_counted_by_the_given_clock()
    {
        var clock = new SteppingClock();
        using var gate = new ManualResetEventSlim();
        using var loader = new ClipLoader<int>(
            ClipOrder.InTurn(1), (_, _, token) => { gate.Wait(token); return 1; }, Options(1, 1) with { Time = clock });
        Assert.Equal(TimeSpan.Zero, loader.Waited);
        clock.OnRead = gate.Set; // the consumer reads the clock once it has to wait
        Assert.True(loader.TryNext(out _, out _));
        Assert.Equal(TimeSpan.FromSeconds(1), loader.Waited);
    }

    private static ClipLoaderOptions Options(int workers, int ahead, int seed = 0) => new() { Workers = workers, Ahead = ahead, Seed = seed };

    private static List<T> Drain<T>(ClipLoader<T> loader)
    {
        var all = new List<T>();
        while (loader.TryNext(out var item, out _))
        {
            all.Add(item);
        }

        return all;
    }

    private static int Block(ManualResetEventSlim started, CancellationToken token)
    {
        started.Set();
        token.WaitHandle.WaitOne();
        token.ThrowIfCancellationRequested();
        return 0;
    }

    private static int Spin(int turns)
    {
        Thread.SpinWait(turns);
        return 0;
    }

    private sealed class Counted(Action onDispose) : IDisposable
    {
        public void Dispose() => onDispose();
    }

    /// <summary>A clock that goes on by a second at every reading.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now;

        public Action? OnRead { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            OnRead?.Invoke();
            return Interlocked.Increment(ref _now);
        }
    }
}
