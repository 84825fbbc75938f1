using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Reports;
using Mofo.ML.Trainers.Training.World;
using Mofo.ML.Transforms.MlNetBridge;
using TorchSharp;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>One training from its first step, or from its newest checkpoint, to its end.</summary>
/// <param name="host">Log, progress.</param>
/// <param name="folder">Checkpoints; null for none.</param>
internal sealed class TrainingRun(StageHost host, CheckpointFolder? folder)
{
    /// <summary>Opens the folder of the options, so that one that cannot be used is reported before anything long begins.</summary>
    /// <exception cref="CheckpointException">It cannot be written to, or another training uses it.</exception>
    /// <remarks>Of several processes the first alone writes checkpoints; to the others this gives null.</remarks>
    public static CheckpointFolder? OpenFolder(MofoTrainingOptions options)
    {
        var world = options.WorldInForce;
        return world.Together(() => options.CheckpointFolder is { } path && world.IsFirst ? new CheckpointFolder(path, options.CheckpointsKept) : null);
    }

    /// <summary>Trains the model of the setup.</summary>
    /// <param name="setup">What to train, and how.</param>
    /// <param name="rows">The data, as the setup's <c>Load</c> knows it.</param>
    /// <exception cref="CheckpointException">The folder holds the checkpoints of another training.</exception>
    /// <exception cref="RankFailedException">Another process of the same training stopped.</exception>
    public void Train<TClip>(TrainingSetup<TClip> setup, IReadOnlyList<TrainingRow> rows)
        where TClip : ITrainingClip
    {
        try
        {
            TrainAll(setup, rows);
        }
        catch (Exception e) when (setup.World.Size > 1 && !setup.World.IsAgreed(e))
        {
            // The others wait for this process and would do so forever.
            setup.World.Abort(e);
            throw;
        }
    }

    private void TrainAll<TClip>(TrainingSetup<TClip> setup, IReadOnlyList<TrainingRow> rows)
        where TClip : ITrainingClip
    {
        var world = setup.World;
        using var threads = new ComputeThreads(setup.Options);
        if (world.IsFirst && RateAdvice.For(setup.Options, setup.Plan) is { } advice)
        {
            host.Warning(advice);
        }

        var bad = new BadVideos(host, setup.Options.OnBadVideo, rows);
        IReadOnlyList<ITrainingPart> parts = [new ModelPart(setup.Model), setup.Optimizer, bad, .. setup.Parts];
        var identity = folder is null && world.Size == 1 ? null : RunIdentity.Of(setup, rows, ComputeTypes.Of(setup.Model));
        SharedRun.RequireSame(world, setup.Plan, identity, rows);
        var checkpoints = folder is null ? null : new RunCheckpoints(folder, parts, identity!, setup.Options, TimeProvider.System, host.Warning);
        var from = SharedRun.FromFirst(world, parts, world.Together(() => checkpoints?.Resume() ?? RunPosition.Start));
        if (from != RunPosition.Start && world.IsFirst)
        {
            host.Info(Invariant($"{setup.Stage} resumes from a checkpoint: epoch {from.Epoch + 1} of {setup.Plan.Epochs}, step {from.Step} of {setup.Plan.Steps}."));
        }

        using var report = world.IsFirst ? new RunReport(host, setup.Stage, setup.Options, setup.Plan, setup.Advice, from.Step) : null;
        using (IClipFeed<TClip> feed = world.Size == 1 ? new ClipFeed<TClip>(setup, from, bad) : new SharedClipFeed<TClip>(setup, from, bad))
        using (var loop = new TrainingLoop<TClip>(setup, checkpoints, step => report?.Report(step), TimeProvider.System))
        {
            loop.Run(feed, from);
        }

        world.Together(() => bad.Report(world.IsFirst));
    }
}
