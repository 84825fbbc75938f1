using System.CommandLine;
using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Learns classes from labelled videos.</summary>
internal static class FinetuneCommand
{
    public static CommandShape New()
    {
        var arguments = new TrainingArguments("runs/finetune", [TrainingArguments.Auto, .. Recipes.PublishedFinetuning.Keys]);
        var group = new OptionGroup<MofoFinetuningOptions>(new MofoFinetuningOptions(), arguments.Shared, nameof(MofoFinetuningOptions.CheckpointFolder));
        var validation = new Option<string?>("--validation") { Description = "List or folder of labelled videos to check the model on after every epoch; the best weights are kept.", HelpName = "list|folder" };
        var test = new Option<string?>("--test") { Description = "List or folder of labelled videos to evaluate the finished model on: figures, tables and mistakes in the report.", HelpName = "list|folder" };
        return CommandShape.Of(
            "finetune", "Learn classes from labelled videos, from pretrained weights or from random ones.",
            [
                .. arguments.Videos.Symbols, validation, test, arguments.Output, arguments.Recipe, arguments.Gpu, arguments.Report,
                .. group.Symbols, .. arguments.Detection.Symbols,
            ],
            run => Run(run, arguments, group, run.Value(validation), run.Value(test)));
    }

    private static int Run(CommandRun run, TrainingArguments arguments, OptionGroup<MofoFinetuningOptions> group, string? validation, string? test)
    {
        var folder = new RunFolder(run, run.Value(arguments.Output)!);
        var lister = run.NewContext();
        var videos = VideoArguments.Rows(lister, arguments.Videos.Load(run, lister));
        VideoLabels.Require(videos);
        var options = Recipes.Finetuning(run, arguments, group, videos.Count);
        options.CheckpointFolder = folder.File("checkpoints");
        options.CancellationToken = run.Cancel;
        options.World = run.World;

        var ml = run.NewContext(options.Seed, run.Value(arguments.Gpu));
        IDataView Load(string path) => arguments.Videos.Load(run, ml, path);
        var (train, held) = (ml.Data.LoadFromEnumerable(videos), validation is null ? null : Load(validation));
        var tested = test is null ? null : Load(test);
        if (held is not null)
        {
            VideoLabels.RequireKnown(videos, VideoArguments.Rows(ml, held), validation!);
        }

        options.ValidationSet = held; // replaced below by the same rows with boxes; here for the check of the options
        options.Validate();
        var detection = Recipes.Detection(run, arguments, options.Model, folder);
        folder.Write([.. arguments.Detection.Values(detection), .. group.Values(options)]);
        run.Terminal.Say(Invariant($"{videos.Count} videos of {videos.DistinctBy(video => video.Label).Count()} classes; {Recipes.Describe(options)}"));

        var (model, steps) = folder.Train(board =>
        {
            var log = new TrainingView(board);
            options.Progress = log;
            detection.Progress = TrainingView.Motion(board, videos.Count + (held is null ? 0 : VideoArguments.Rows(ml, held).Count));
            var prepare = ml.Transforms.DetectMotion(options: detection).Append(ml.Transforms.Conversion.MapValueToKey("Label")).Fit(train);
            options.ValidationSet = held is null ? null : ml.Data.Cache(run.Apply(prepare, held));
            var learn = ml.Data.Cache(run.Apply(prepare, train));
            var classifier = ml.MulticlassClassification.Trainers.MofoFinetune(options: options).Fit(learn);
            var named = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(classifier.Transform(learn));
            return (prepare.Append(classifier).Append(named), log.Steps);
        });
        if (!run.IsFirst)
        {
            return ExitCodes.Ok;
        }

        var file = folder.File("model.zip");
        ml.Model.SaveMofoModel(model, train.Schema, file);
        var judged = tested is null ? null : Evaluation.Judge(run, ml, model, tested);
        if (judged is not null)
        {
            Evaluation.SaveTables(judged, folder);
            Evaluation.Show(run, judged);
        }

        var report = run.IsOn(arguments.Report) ? TrainingReport.OfFinetuning(run, folder, videos, steps, judged, detection) : null;
        run.Terminal.Say(file);
        if (report is not null)
        {
            run.Terminal.Say(report);
        }

        run.Terminal.Result(new
        {
            model = file,
            report,
            settings = folder.File(RunConfig.FileName),
            loss = steps.Count > 0 ? steps[^1].Loss : (double?)null,
            validationAccuracy = steps.LastOrDefault(step => step.ValidationAccuracy is not null)?.ValidationAccuracy,
            test = judged is null ? null : Evaluation.Figures(judged),
        });
        return ExitCodes.Ok;
    }
}
