using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training;

/// <summary>The clips of a whole run: every epoch in a new order from the seed, cut to whole steps, loaded ahead.</summary>
internal static class ClipStream
{
    /// <param name="setup">Plan, seed, decode threads, cancellation.</param>
    /// <param name="from">Where the run starts or goes on.</param>
    /// <param name="bad">Asked about videos that fail.</param>
    public static ClipFeed<TClip> Open<TClip>(TrainingSetup<TClip> setup, TrainingPosition from, BadVideos bad)
        where TClip : ITrainingClip
    {
        var (plan, options) = (setup.Plan, setup.Options);
        var orders = Enumerable.Range(from.Epoch, plan.Epochs - from.Epoch)
            .SelectMany(epoch => Order(epoch).Skip(epoch == from.Epoch ? from.Taken : 0))
            .Where(order => !bad.IsBad(order.Item));
        var settings = new ClipLoaderOptions
        {
            Seed = setup.Seed,
            Workers = options.DecodeThreadsInForce,
            Ahead = Math.Max(2 * plan.Batch / plan.ClipsPerVideo, 2 * options.DecodeThreadsInForce),
        };
        var loader = new ClipLoader<ClipsOfVideo<TClip>>(
            orders, (order, random, cancel) => new ClipsOfVideo<TClip>(setup.Load(order, random, cancel)), settings, bad.Skip, options.CancellationToken);
        return new ClipFeed<TClip>(loader, Order);

        ClipOrder[] Order(int epoch) => ClipOrder.Shuffled(plan.Videos, epoch, setup.Seed)[..plan.VideosPerEpoch];
    }
}
