using System.Text.Json;
using Microsoft.ML;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Cli.Commands;

/// <summary>How good a model is, in figures, tables and files.</summary>
internal static class Evaluation
{
    public static ClassReport Judge(CommandRun run, MLContext ml, ITransformer model, IDataView labelled)
    {
        var count = VideoArguments.Rows(ml, labelled).Count;
        return run.Watch(board =>
        {
            ml.Model.SetMofoRunOptions(model, new MofoRunOptions { CancellationToken = run.Cancel, Progress = ModelArgument.ProgressOn(board, "testing", count) });
            return ml.MulticlassClassification.ReportVideos(model.Transform(labelled));
        });
    }

    /// <summary>Predictions, classes, confusion and calibration, each as CSV and Parquet, and metrics.json.</summary>
    public static void SaveTables(ClassReport report, RunFolder folder, string prefix = "")
    {
        string File(string name) => folder.File(prefix + name);
        report.Videos.SaveCsv(File("predictions.csv"));
        report.Videos.SaveParquet(File("predictions.parquet"));
        foreach (var (name, table) in new[] { ("classes", report.PerClass()), ("confusion", report.Confusion()), ("calibration", report.Calibration()) })
        {
            table.SaveCsv(File(name + ".csv"));
            table.SaveParquet(File(name + ".parquet"));
        }

        AtomicFile.WriteText(File("metrics.json"), JsonSerializer.Serialize(Figures(report)));
    }

    public static void Show(CommandRun run, ClassReport report)
    {
        var classes = report.PerClass();
        string Share(string column, long row) => classes[column][row] is double value ? Invariant($"{value:0.000}") : "-";
        run.Terminal.Table(["class", "clips", "recall", "precision", "F1"], Enumerable.Range(0, (int)classes.Rows.Count).Select(i => (IReadOnlyList<string>)
            [(string)classes["Class"][i], Invariant($"{(int)classes["Clips"][i]}"), Share("Recall", i), Share("Precision", i), Share("F1", i)]));
        run.Terminal.Say(Invariant($"{report.Count} clips: top-1 {report.Top1:0.000}, top-5 {report.Top5:0.000}, mean of classes {report.MeanClassAccuracy:0.000}, calibration error {report.CalibrationError():0.000}")
            + (report.Missing > 0 ? Invariant($"; {report.Missing} cannot be read and count as wrong.") : "."));
        if (report.Unknown.Count > 0)
        {
            run.Terminal.Warn($"The model does not know these labels, whose clips count as wrong: {string.Join(", ", report.Unknown)}.");
        }
    }

    /// <summary>The figures for programs; a share that there is nothing to take of is null.</summary>
    public static IReadOnlyDictionary<string, double?> Figures(ClassReport report) => new Dictionary<string, double?>
    {
        ["clips"] = report.Count,
        ["missing"] = report.Missing,
        ["unlabelled"] = report.Unlabelled,
        ["top1"] = Known(report.Top1),
        ["top5"] = Known(report.Top5),
        ["meanClassAccuracy"] = Known(report.MeanClassAccuracy),
        ["calibrationError"] = Known(report.CalibrationError()),
    };

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
