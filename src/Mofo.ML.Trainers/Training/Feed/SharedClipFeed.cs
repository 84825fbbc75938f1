using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.World;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>One process's share of the clips of a run: all processes together get the batches that one process alone gets (see <see cref="ClipFeed{TClip}"/>).</summary>
/// <remarks>
/// Every rank knows the order of all videos, and which of them are bad; so all know the next batch without a message. What is learned while loading is sent to
/// all before the batch is used: where a video turns out to be bad, the batch is made again without it, and every rank loads from there on by the new places.
/// So an epoch ends on all ranks at once, and a bad video costs each rank the clips that were loaded ahead, once.
/// </remarks>
internal sealed class SharedClipFeed<TClip> : IClipFeed<TClip>
    where TClip : ITrainingClip
{
    private readonly TrainingSetup<TClip> _setup;
    private readonly BadVideos _bad;
    private readonly SharedOrder _order;
    private SharedLoader<TClip> _loader;
    private TimeSpan _waitedBefore;
    private SharedPart? _part;
    private List<TClip> _clips = [];
    private (int Epoch, int Taken) _next;

    /// <param name="setup">Plan, seed, decode threads, cancellation, world.</param>
    /// <param name="from">Where the run starts or goes on.</param>
    /// <param name="bad">The same videos on all ranks.</param>
    public SharedClipFeed(TrainingSetup<TClip> setup, RunPosition from, BadVideos bad)
    {
        (_setup, _bad, _next) = (setup, bad, (from.Epoch, from.Taken));
        _order = NewOrder();
        _loader = StartLoader();
    }

    public TimeSpan Waited => _waitedBefore + _loader.Waited;

    public int Taken { get; private set; }

    public bool HasMore(int epoch)
    {
        while (_part is null)
        {
            if (epoch != _next.Epoch)
            {
                _next = (epoch, 0);
            }

            if (_order.Part(_next.Epoch, _next.Taken, _bad.IsBad) is not { } part)
            {
                return false;
            }

            Load(part);
        }

        return _part.Epoch == epoch;
    }

    public ClipBatch<TClip> Next(int epoch, int count)
    {
        if (!HasMore(epoch))
        {
            return new ClipBatch<TClip>([]);
        }

        var part = _part!;
        var batch = new ClipBatch<TClip>(_clips) { Share = part.Share.Times(_setup.Plan.ClipsPerVideo) };
        (_part, _clips, Taken) = (null, [], part.End);
        _next = (part.Epoch, part.End);
        return batch;
    }

    public void Dispose()
    {
        _clips.ForEach(clip => clip.Dispose());
        _loader.Dispose();
    }

    /// <summary>Loads this rank's clips of a part; keeps them if no rank found a bad video, else all begin again from the part's start.</summary>
    private void Load(SharedPart part)
    {
        var found = new double[part.Videos.Length];
        var clips = _setup.World.Together(() => new ClipBatch<TClip>(_loader.Take(part, place => found[place] = 1)));
        _setup.World.Sum(found);
        if (found.All(count => count == 0))
        {
            (_part, _clips) = (part, clips.Clips);
            return;
        }

        clips.Dispose();
        foreach (var (place, _) in found.Index().Where(count => count.Item > 0))
        {
            _bad.Add(part.Videos[place].Item);
        }

        _waitedBefore += _loader.Waited;
        _loader.Dispose();
        _loader = StartLoader();
    }

    // The loader runs ahead on threads of its own, so it has an order of its own, and knows the bad videos of now.
    private SharedLoader<TClip> StartLoader() => new(_setup, NewOrder().PartsFrom(_next.Epoch, _next.Taken, _bad.Snapshot()), _bad);

    private SharedOrder NewOrder() => new(_setup.Plan, _setup.Seed, _setup.World);
}
