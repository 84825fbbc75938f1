using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Learns from videos without labels.</summary>
internal static class PretrainCommand
{
    public static CommandShape New()
    {
        var arguments = new TrainingArguments("runs/pretrain", TrainingArguments.Auto, "paper");
        var group = new OptionGroup<MofoPretrainingOptions>(new MofoPretrainingOptions(), arguments.Shared, nameof(MofoPretrainingOptions.CheckpointFolder));
        return CommandShape.Of(
            "pretrain", "Learn from videos without labels (MOFO): mask most of each clip, above all where it moves, and learn to reconstruct it.",
            [.. arguments.Videos.Symbols, arguments.Output, arguments.Recipe, arguments.Gpu, arguments.Report, .. group.Symbols, .. arguments.Detection.Symbols],
            run => Run(run, arguments, group));
    }

    private static int Run(CommandRun run, TrainingArguments arguments, OptionGroup<MofoPretrainingOptions> group)
    {
        var folder = new RunFolder(run, run.Value(arguments.Output)!);
        var lister = run.NewContext();
        var videos = VideoArguments.Rows(lister, arguments.Videos.Load(run, lister));
        var options = Recipes.Pretraining(run, arguments, group, videos.Count);
        options.CheckpointFolder = folder.File("checkpoints");
        options.CancellationToken = run.Cancel;
        options.World = run.World;
        options.Validate();
        var detection = Recipes.Detection(run, arguments, options.Model, folder);
        folder.Write([.. arguments.Detection.Values(detection), .. group.Values(options)]);

        var ml = run.NewContext(options.Seed, run.Value(arguments.Gpu));
        var view = ml.Data.LoadFromEnumerable(videos);
        run.Terminal.Say(Invariant($"{videos.Count} videos; {Recipes.Describe(options)}"));
        var (model, steps) = folder.Train(board =>
        {
            var log = new TrainingView(board);
            options.Progress = log;
            detection.Progress = TrainingView.Motion(board, videos.Count);
            var detector = ml.Transforms.DetectMotion(options: detection).Fit(view);
            return (new TransformerChain<ITransformer>(detector).Append(ml.Transforms.PretrainMofo(options: options).Fit(run.Apply(detector, view))), log.Steps);
        });
        if (!run.IsFirst)
        {
            return ExitCodes.Ok;
        }

        var file = folder.File("model.zip");
        ml.Model.SaveMofoModel(model, view.Schema, file);
        var report = run.IsOn(arguments.Report) ? TrainingReport.OfPretraining(run, folder, videos, model.LastTransformer, steps, detection) : null;
        run.Terminal.Say(file);
        if (report is not null)
        {
            run.Terminal.Say(report);
        }

        run.Terminal.Say($"To learn classes from it: mofo finetune LIST --initial-weights {file}");
        run.Terminal.Result(new { model = file, report, settings = folder.File(RunConfig.FileName), loss = steps.Count > 0 ? steps[^1].Loss : (double?)null, steps = steps.Count });
        return ExitCodes.Ok;
    }
}
