using System.CommandLine;
using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Research;
using Mofo.ML.Trainers;

namespace Mofo.ML.Cli.Commands;

/// <summary>How good is a classifier on labelled videos?</summary>
internal static class EvaluateCommand
{
    public static CommandShape New()
    {
        var model = new ModelArgument([]);
        var videos = new VideoArguments();
        var output = new Option<string>("--out") { Description = "Folder for predictions and tables of classes, confusion and calibration (each as CSV and Parquet), metrics.json, report.html and run.json.", HelpName = "folder", DefaultValueFactory = _ => "runs/evaluate" };
        var epic = new Option<bool>("--epic") { Description = "The videos are given by annotations of EPIC-KITCHENS-100 (EPIC_100_validation.csv) with --videos for the folder; actions, verbs and nouns are evaluated." };
        var report = TrainingReport.NewOption();
        return CommandShape.Of(
            "evaluate", "Evaluate a classifier on labelled videos: top-1, top-5, per class, confusion, calibration; for EPIC-KITCHENS action, verb and noun.",
            [model.Path, .. videos.Symbols, output, epic, report, .. model.Options],
            run => Run(run, model, videos, run.Value(output)!, run.Value(epic), run.IsOn(report)));
    }

    private static int Run(CommandRun run, ModelArgument model, VideoArguments videos, string output, bool epic, bool withReport)
    {
        var folder = new RunFolder(run, output);
        var ml = run.NewContext(gpu: run.Value(model.Gpu));
        var view = epic ? LoadEpic(run, ml, videos) : videos.Load(run, ml);
        using var loaded = model.Load(run, ml, view);
        folder.Write(model.Values(run, loaded.Detection));
        var scored = Scoring.Read(run, ml, loaded, view, "Label");
        if (!run.IsFirst)
        {
            return ExitCodes.Ok;
        }

        var report = new ClassReport(scored);
        if (report.Count == 0)
        {
            throw new UsageException("None of the videos has a label, so that there is nothing to evaluate. mofo predict scores videos without labels.");
        }

        Evaluation.SaveTables(report, folder);
        Evaluation.Show(run, report);
        var judged = new List<KeyValuePair<string, ClassReport>> { new(epic ? "Actions" : "Labelled clips", report) };
        if (epic)
        {
            var marginals = new ActionMarginals(report.Videos.Classes.Concat(report.Videos.Rows.Select(row => row.Label).OfType<string>()));
            foreach (var (name, part) in new[] { ("Verbs", marginals.Verbs(report.Videos)), ("Nouns", marginals.Nouns(report.Videos)) })
            {
                judged.Add(new(name, new ClassReport(part)));
                Evaluation.SaveTables(judged[^1].Value, folder, name.ToLowerInvariant() + "-");
                run.Terminal.Say(Invariant($"{name}: top-1 {judged[^1].Value.Top1:0.000}, top-5 {judged[^1].Value.Top5:0.000}"));
            }
        }

        var page = withReport ? TrainingReport.OfEvaluation(run, folder, judged, loaded.Detection) : null;
        run.Terminal.Say(page ?? folder.Root);
        run.Terminal.Result(new { figures = judged.ToDictionary(pair => pair.Key, pair => Evaluation.Figures(pair.Value)), folder = folder.Root, report = page });
        return report.Missing == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static IDataView LoadEpic(CommandRun run, MLContext ml, VideoArguments videos)
    {
        var (annotations, folder) = (run.Value(videos.Paths), run.Value(videos.Folder));
        return annotations.Length == 1 && folder is not null
            ? ml.Data.LoadEpicKitchens(annotations[0], folder)
            : throw new UsageException("--epic needs one file of annotations, and --videos with the folder of the videos.");
    }
}
