using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.World;

/// <summary>How many workers train, and with how many threads of torch each.</summary>
internal static class TrainingWorkers
{
    /// <summary>More copies of a small network gained little in proportion: a batch of 32 then has less than four pairs of clips for each.</summary>
    private const int MostChosen = 4;

    /// <summary>Trains with the options' number of workers: with one as it is, else once on every worker of a team, with options of its own.</summary>
    /// <param name="options">Of the whole training.</param>
    /// <param name="copy">A copy of them.</param>
    /// <param name="plan">The steps.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="model">The network, trained when this returns.</param>
    /// <param name="newModel">Makes the same network with the same starting weights, for another worker.</param>
    /// <param name="train">Trains; rank 0 on this thread.</param>
    /// <exception cref="MofoOptionsException">The number of workers cannot be used here.</exception>
    public static void Run<TOptions, TModel>(
        TOptions options, Func<TOptions> copy, TrainingPlan plan, Device device, TModel model, Func<TModel> newModel, Action<TModel, TOptions> train)
        where TOptions : MofoTrainingOptions
        where TModel : nn.Module
    {
        var threads = ComputeThreads.InForce(options.ComputeThreads);
        var workers = options.Workers > 0 ? options.Workers : Choose(options, plan, device, threads);
        if (workers == 1)
        {
            train(model, options);
            return;
        }

        Check(options, plan, device);
        WorkerTeam.Run(workers, world =>
        {
            var own = copy();
            own.World = world;
            own.ComputeThreads = Math.Max(1, threads / workers);
            using var other = world.IsFirst ? null : newModel();
            train(other ?? model, own);
        });
    }

    /// <summary>Workers in place of torch's threads for a small network on a CPU; else one.</summary>
    internal static int Choose(MofoTrainingOptions options, TrainingPlan plan, Device device, int threads) =>
        device.type == DeviceType.CPU && options.World is null && options.Model.IsNarrow ? Math.Clamp(Math.Min(threads, MostFor(plan)), 1, MostChosen) : 1;

    /// <summary>Workers take the videos of a batch in pairs.</summary>
    private static int MostFor(TrainingPlan plan) => (plan.VideosPerBatch + 1) / 2;

    private static void Check(MofoTrainingOptions options, TrainingPlan plan, Device device)
    {
        var problems = new OptionProblems(options.GetType().Name);
        problems.Require(
            device.type == DeviceType.CPU, Invariant($"{nameof(options.Workers)} is {options.Workers} and the training runs on {device}; on a GPU it must be 1."));
        problems.Require(
            options.World is null, Invariant($"{nameof(options.Workers)} is {options.Workers} and there is a {nameof(options.World)}; in a world it must be 1."));
        problems.Require(
            options.Workers <= MostFor(plan), Invariant($"A batch has {plan.VideosPerBatch} videos, too few for {options.Workers} workers, which take them in pairs. Lower {nameof(options.Workers)} or raise {nameof(options.BatchSize)}."));
        problems.ThrowIfAny();
    }
}
