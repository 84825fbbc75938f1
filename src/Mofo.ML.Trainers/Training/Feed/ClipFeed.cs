using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>The clips of a run as batches that keep to their epoch, and the place in the data that they were taken up to.</summary>
/// <remarks>
/// Every epoch has a new order from the seed, cut to whole steps. A video that cannot be read leaves a gap: the epoch then has fewer clips, its last batch
/// may be smaller, and the next epoch begins where it always does. So what a step sees depends on seed, epoch and place alone.
/// </remarks>
internal sealed class ClipFeed<TClip> : IClipFeed<TClip>
    where TClip : ITrainingClip
{
    private readonly ClipLoader<ClipsOfVideo<TClip>> _loader;
    private readonly Func<int, ClipOrder[]> _order;
    private (int Epoch, Dictionary<int, int> Places) _places = (-1, []);
    private ClipsOfVideo<TClip>? _next;
    private ClipOrder _nextOrder;

    /// <param name="setup">Plan, seed, decode threads, cancellation.</param>
    /// <param name="from">Where the run starts or goes on.</param>
    /// <param name="bad">Asked about videos that fail.</param>
    public ClipFeed(TrainingSetup<TClip> setup, RunPosition from, BadVideos bad)
    {
        var (plan, options) = (setup.Plan, setup.Options);
        _order = epoch => ClipOrder.Shuffled(plan.Videos, epoch, setup.Seed)[..plan.VideosPerEpoch];
        var orders = Enumerable.Range(from.Epoch, plan.Epochs - from.Epoch)
            .SelectMany(epoch => _order(epoch).Skip(epoch == from.Epoch ? from.Taken : 0))
            .Where(order => !bad.IsBad(order.Item));
        var settings = new ClipLoaderOptions
        {
            Seed = setup.Seed,
            Workers = options.DecodeThreadsInForce,
            Ahead = Math.Max(2 * plan.Batch / plan.ClipsPerVideo, 2 * options.DecodeThreadsInForce),
        };
        _loader = new ClipLoader<ClipsOfVideo<TClip>>(
            orders, (order, random, cancel) => new ClipsOfVideo<TClip>(setup.Load(order, random, cancel)), settings, bad.Skip, options.CancellationToken);
    }

    /// <summary>How long training has waited for clips.</summary>
    public TimeSpan Waited => _loader.Waited;

    /// <summary>Places used up in the order of the epoch that the last batch came from.</summary>
    public int Taken { get; private set; }

    /// <summary>Whether this epoch has clips left; waits for the next one.</summary>
    public bool HasMore(int epoch)
    {
        if (_next is null && _loader.TryNext(out var clips, out var order))
        {
            (_next, _nextOrder) = (clips, order);
        }

        return _next is not null && _nextOrder.Epoch == epoch;
    }

    /// <summary>Up to this number of clips of this epoch; fewer at its end, none when it is over.</summary>
    public ClipBatch<TClip> Next(int epoch, int count)
    {
        var batch = new ClipBatch<TClip>(new List<TClip>(count));
        try
        {
            while (batch.Clips.Count < count && HasMore(epoch))
            {
                batch.Clips.AddRange(_next!.Clips);
                _next = null;
                Taken = PlaceOf(_nextOrder) + 1;
            }
        }
        catch
        {
            batch.Dispose();
            throw;
        }

        return batch;
    }

    public void Dispose()
    {
        _next?.Dispose();
        _loader.Dispose();
    }

    private int PlaceOf(ClipOrder order)
    {
        if (_places.Epoch != order.Epoch)
        {
            _places = (order.Epoch, _order(order.Epoch).Select((request, place) => (request.Item, place)).ToDictionary(p => p.Item, p => p.place));
        }

        return _places.Places[order.Item];
    }
}
