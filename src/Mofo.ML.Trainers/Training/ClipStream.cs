using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training;

/// <summary>The clips of a whole run: every epoch in a new order from the seed, cut to whole steps, loaded ahead.</summary>
internal static class ClipStream
{
    /// <param name="clips">Clips in the data set.</param>
    /// <param name="plan">Epochs and steps.</param>
    /// <param name="seed">Seed of order and augmentation.</param>
    /// <param name="options">Decode threads, cancellation.</param>
    /// <param name="bad">Asked about videos that fail.</param>
    /// <param name="load">Makes one clip.</param>
    public static ClipLoader<T> Open<T>(
        int clips, TrainingPlan plan, int seed, MofoTrainingOptions options, BadVideos bad, Func<ClipOrder, Random, CancellationToken, T> load)
    {
        var orders = Enumerable.Range(0, plan.Epochs)
            .SelectMany(epoch => ClipOrder.Shuffled(clips, epoch, seed).Take(plan.StepsPerEpoch * plan.ClipsPerStep))
            .Where(order => !bad.IsBad(order.Item));
        var settings = new ClipLoaderOptions
        {
            Seed = seed,
            Workers = options.DecodeThreadsInForce,
            Ahead = Math.Max(2 * plan.Batch, 2 * options.DecodeThreadsInForce),
        };
        return new ClipLoader<T>(orders, load, settings, bad.Skip, options.CancellationToken);
    }
}
