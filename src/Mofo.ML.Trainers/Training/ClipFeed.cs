using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training;

/// <summary>The clips of a run as batches that keep to their epoch, and the place in the data that they were taken up to.</summary>
/// <remarks>
/// Every epoch has a new order from the seed, cut to whole steps. A video that cannot be read leaves a gap: the epoch then has fewer clips, its last batch
/// may be smaller, and the next epoch begins where it always does. So what a step sees depends on seed, epoch and place alone.
/// </remarks>
internal sealed class ClipFeed<TClip> : IDisposable
    where TClip : ITrainingClip
{
    private readonly ClipLoader<ClipsOfVideo<TClip>> _loader;
    private readonly Func<int, ClipOrder[]> _order;
    private (int Epoch, Dictionary<int, int> Places) _places = (-1, []);
    private ClipsOfVideo<TClip>? _next;
    private ClipOrder _nextOrder;

    /// <param name="loader">The videos of all epochs from the starting point on.</param>
    /// <param name="order">The requests of one epoch, as the loader gets them.</param>
    public ClipFeed(ClipLoader<ClipsOfVideo<TClip>> loader, Func<int, ClipOrder[]> order) => (_loader, _order) = (loader, order);

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

    /// <summary>Up to so many clips of this epoch; fewer at its end, none when it is over.</summary>
    public TrainingBatch<TClip> Next(int epoch, int count)
    {
        var batch = new TrainingBatch<TClip>(new List<TClip>(count));
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
