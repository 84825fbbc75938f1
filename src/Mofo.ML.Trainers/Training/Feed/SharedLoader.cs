using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Loads one rank's videos ahead, batch by batch, and keeps errors with their video until the batch is requested.</summary>
internal sealed class SharedLoader<TClip> : IDisposable
    where TClip : ITrainingClip
{
    private readonly ClipLoader<Loaded> _loader;
    private readonly BadVideos _bad;

    /// <param name="setup">Load function, seed, threads, cancellation.</param>
    /// <param name="parts">The batches; drawn lazily.</param>
    /// <param name="bad">Asked about videos that fail.</param>
    public SharedLoader(TrainingSetup<TClip> setup, IEnumerable<SharedPart> parts, BadVideos bad)
    {
        _bad = bad;
        var (plan, options) = (setup.Plan, setup.Options);
        var settings = new ClipLoaderOptions
        {
            Seed = setup.Seed,
            Workers = options.DecodeThreadsInForce,
            Ahead = Math.Max(2 * plan.VideosPerBatch / setup.World.Size, 2 * options.DecodeThreadsInForce),
        };
        var orders = parts.SelectMany(part => part.Share.Places.Select(place => part.Videos[place]));
        _loader = new ClipLoader<Loaded>(orders, (order, random, cancel) => Load(setup, order, random, cancel), settings, cancel: options.CancellationToken);
    }

    public TimeSpan Waited => _loader.Waited;

    /// <summary>The clips of this rank's share of the next batch, in order, without those of bad videos.</summary>
    /// <param name="part">The batch, the next of those that the loader was given.</param>
    /// <param name="isBad">Called with the index in the batch of a video that cannot be read.</param>
    /// <exception cref="Exception">A video cannot be loaded, and the options do not say to skip it.</exception>
    public List<TClip> Take(SharedPart part, Action<int> isBad)
    {
        var clips = new List<TClip>();
        try
        {
            foreach (var place in part.Share.Places)
            {
                _ = _loader.TryNext(out var loaded, out var order);
                if (loaded!.Error is not { } error)
                {
                    clips.AddRange(loaded.Clips);
                }
                else if (_bad.Skip(order, error))
                {
                    isBad(place);
                }
                else
                {
                    ClipFailure.Throw(order, error);
                }
            }
        }
        catch
        {
            clips.ForEach(clip => clip.Dispose());
            throw;
        }

        return clips;
    }

    public void Dispose() => _loader.Dispose();

    private static Loaded Load(TrainingSetup<TClip> setup, ClipOrder order, Random random, CancellationToken cancel)
    {
        try
        {
            return new Loaded(setup.Load(order, random, cancel), null);
        }
#pragma warning disable CA1031 // The error belongs to its video: it is thrown or skipped on the training thread, in order.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new Loaded([], error);
        }
    }

    private sealed record Loaded(IReadOnlyList<TClip> Clips, Exception? Error) : IDisposable
    {
        public void Dispose()
        {
            foreach (var clip in Clips)
            {
                clip.Dispose();
            }
        }
    }
}
