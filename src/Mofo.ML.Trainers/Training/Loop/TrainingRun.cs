using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Reports;
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
    public static CheckpointFolder? OpenFolder(MofoTrainingOptions options) =>
        options.CheckpointFolder is { } path ? new CheckpointFolder(path, options.CheckpointsKept) : null;

    /// <summary>Trains the model of the setup.</summary>
    /// <param name="setup">What to train, and how.</param>
    /// <param name="rows">The data, as the setup's <c>Load</c> knows it.</param>
    /// <exception cref="CheckpointException">The folder holds the checkpoints of another training.</exception>
    public void Train<TClip>(TrainingSetup<TClip> setup, IReadOnlyList<TrainingRow> rows)
        where TClip : ITrainingClip
    {
        using var threads = new ComputeThreads(setup.Options);
        if (RateAdvice.For(setup.Options, setup.Plan) is { } advice)
        {
            host.Warning(advice);
        }

        var bad = new BadVideos(host, setup.Options.OnBadVideo, rows);
        var checkpoints = folder is null ? null : new RunCheckpoints(
            folder, [new ModelPart(setup.Model), setup.Optimizer, bad, .. setup.Parts], RunIdentity.Of(setup, rows, ComputeTypes.Of(setup.Model)), setup.Options, TimeProvider.System, host.Warning);
        var from = checkpoints?.Resume() ?? RunPosition.Start;
        if (from != RunPosition.Start)
        {
            host.Info(Invariant($"{setup.Stage} goes on from a checkpoint: epoch {from.Epoch + 1} of {setup.Plan.Epochs}, step {from.Step} of {setup.Plan.Steps}."));
        }

        using var report = new RunReport(host, setup.Stage, setup.Options, setup.Plan, setup.Advice, from.Step);
        using (var feed = new ClipFeed<TClip>(setup, from, bad))
        {
            new TrainingLoop<TClip>(setup, checkpoints, report.Report, TimeProvider.System).Run(feed, from);
        }

        bad.Report();
    }
}
