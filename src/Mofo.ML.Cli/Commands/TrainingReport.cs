using System.CommandLine;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Drawing;

namespace Mofo.ML.Cli.Commands;

/// <summary>report.html of a training or an evaluation.</summary>
internal static class TrainingReport
{
    private const int ShownClips = 6, ShownReconstructions = 2;

    /// <summary>The option that leaves it out.</summary>
    public static Option<bool?> NewOption() => new("--report") { Description = "Whether report.html is written. [default: true]", Arity = ArgumentArity.ZeroOrOne, HelpName = "true|false" };

    public static string OfPretraining(
        CommandRun run, RunFolder folder, IReadOnlyList<VideoRow> videos, MofoPretrainedTransformer model, IReadOnlyList<TrainingProgress> steps, MotionDetectionOptions detection)
    {
        var report = new MofoReport("Pretraining");
        report.AddTraining("pretraining", steps);
        var detector = Detector(detection, run);
        foreach (var video in Spread(videos, ShownReconstructions))
        {
            try
            {
                report.AddReconstruction(Path.GetFileName(video.VideoPath), model.Reconstruct(video.VideoPath, detector.Detect(video.VideoPath, run.Cancel).ToValues(detection.BoxMode)));
            }
            catch (VideoException e)
            {
                run.Terminal.Warn(e.Message);
            }
        }

        report.AddClips("Clips and their motion boxes", Spread(videos, ShownClips).Select(video => KeyValuePair.Create(video.VideoPath, video.Label)), detector, run.Cancel);
        return Finish(report, folder);
    }

    public static string OfFinetuning(
        CommandRun run, RunFolder folder, IReadOnlyList<VideoRow> videos, IReadOnlyList<TrainingProgress> steps, ClassReport? judged, MotionDetectionOptions detection)
    {
        var report = new MofoReport("Finetuning");
        var detector = Detector(detection, run);
        if (judged is not null)
        {
            report.AddEvaluation("Test clips", judged);
        }

        report.AddTraining("finetuning", steps);
        if (judged is not null)
        {
            report.AddMistakes(judged, detector, cancellationToken: run.Cancel);
        }

        report.AddClips("Training clips and their motion boxes", Spread(videos, ShownClips).Select(video => KeyValuePair.Create(video.VideoPath, video.Label)), detector, run.Cancel);
        return Finish(report, folder);
    }

    public static string OfEvaluation(CommandRun run, RunFolder folder, IReadOnlyList<KeyValuePair<string, ClassReport>> judged, MotionDetectionOptions detection)
    {
        var report = new MofoReport("Evaluation");
        foreach (var (name, figures) in judged)
        {
            report.AddEvaluation(name, figures);
        }

        report.AddMistakes(judged[0].Value, Detector(detection, run), cancellationToken: run.Cancel);
        return Finish(report, folder);
    }

    private static string Finish(MofoReport report, RunFolder folder)
    {
        report.AddValues("Settings", folder.Settings);
        report.AddValues("Versions", MofoEnvironment.Versions());
        report.Save(folder.File("report.html"));
        return folder.File("report.html");
    }

    private static MotionDetector Detector(MotionDetectionOptions detection, CommandRun run)
    {
        (detection.Progress, detection.CancellationToken) = (null, run.Cancel);
        return new MotionDetector(detection);
    }

    /// <summary>This number of videos at equal distances in the list.</summary>
    private static IEnumerable<VideoRow> Spread(IReadOnlyList<VideoRow> videos, int count) => EvenSpread.Of(videos.Count, Math.Min(count, videos.Count)).Select(i => videos[i]);
}
