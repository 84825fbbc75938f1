using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.World;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>One batch of all ranks together, and this rank's share of it.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Videos">All videos of the batch, in order.</param>
/// <param name="Share">The places among them that are loaded here.</param>
/// <param name="End">Places of the epoch's order that are used up with it.</param>
internal sealed record SharedPart(int Epoch, ClipOrder[] Videos, BatchShare Share, int End);

/// <summary>The batches of a run, as every rank works them out by itself from seed, plan and the videos that are known to be bad. For one thread at a time.</summary>
internal sealed class SharedOrder(TrainingPlan plan, int seed, TrainingWorld world)
{
    private (int Epoch, ClipOrder[] Orders) _known = (-1, []);

    /// <summary>The batch that begins at a place of an epoch's order; null where no video is left in the epoch.</summary>
    public SharedPart? Part(int epoch, int taken, Func<int, bool> isBad)
    {
        var orders = Orders(epoch);
        var videos = new List<ClipOrder>(plan.VideosPerBatch);
        var end = taken;
        for (var place = taken; place < orders.Length && videos.Count < plan.VideosPerBatch; place++)
        {
            if (!isBad(orders[place].Item))
            {
                videos.Add(orders[place]);
                end = place + 1;
            }
        }

        return videos.Count == 0 ? null : new(epoch, [.. videos], BatchShare.Of(videos.Count, world.Rank, world.Size), end);
    }

    /// <summary>All batches from a place on, to the end of the run.</summary>
    public IEnumerable<SharedPart> PartsFrom(int epoch, int taken, IReadOnlySet<int> bad)
    {
        for (; epoch < plan.Epochs; epoch++, taken = 0)
        {
            while (Part(epoch, taken, bad.Contains) is { } part)
            {
                yield return part;
                taken = part.End;
            }
        }
    }

    private ClipOrder[] Orders(int epoch)
    {
        if (_known.Epoch != epoch)
        {
            _known = (epoch, ClipOrder.Shuffled(plan.Videos, epoch, seed)[..plan.VideosPerEpoch]);
        }

        return _known.Orders;
    }
}
