using System.CommandLine;
using Mofo.ML.Cli.Running;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Can every video of a list be used? Frames, size, motion.</summary>
internal static class CheckCommand
{
    public static CommandShape New()
    {
        var videos = new VideoArguments();
        var motion = new Option<bool?>("--motion") { Description = "Whether motion is looked for too, which takes most of the time. [default: true]", Arity = ArgumentArity.ZeroOrOne, HelpName = "true|false" };
        var detection = new DetectionOptions([]);
        return CommandShape.Of(
            "check", "Decode every video from the first frame to the last: readable? frames, size, rate, motion. Exit code 1 where one cannot be used.",
            [.. videos.Symbols, motion, .. detection.Symbols], run => Run(run, videos, run.IsOn(motion), detection));
    }

    private static int Run(CommandRun run, VideoArguments videos, bool motion, DetectionOptions detection)
    {
        var (rows, options) = Detecting.Begin(run, videos, detection);
        var detector = new MotionDetector(options);
        var results = new List<CheckedVideo>();
        Detecting.Each(run, "checking", rows, row =>
        {
            var facts = VideoFacts.Read(row.VideoPath, options.VideoLimits, run.Cancel);
            var track = motion ? detector.Detect(row.VideoPath, run.Cancel) : null;
            results.Add(new CheckedVideo(row.VideoPath, true, facts.Frames, facts.Width, facts.Height, facts.FramesPerSecond, track?.MotionFound, track?.MotionStrength, facts.Remarks));
        }, (row, e) => results.Add(new CheckedVideo(row.VideoPath, false, 0, 0, 0, 0, null, null, [e.Reason])));

        run.Terminal.Table(["video", "frames", "size", "rate", "motion", "remark"], results.Select(Cells));
        var bad = results.Count(result => !result.Readable);
        run.Terminal.Say(Invariant($"{results.Count} videos, {bad} cannot be used") + (motion ? Invariant($", {results.Count(result => result.MotionFound == false)} show nothing that moves but the camera.") : "."));
        run.Terminal.Result(new { videos = results, bad });
        return bad == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static IReadOnlyList<string> Cells(CheckedVideo video) =>
    [
        Path.GetFileName(video.Path), video.Readable ? Invariant($"{video.Frames}") : "-", video.Readable ? Invariant($"{video.Width}x{video.Height}") : "-",
        video.FramesPerSecond > 0 ? Invariant($"{video.FramesPerSecond:0.##}") : "-",
        video.MotionStrength is { } strength ? Invariant($"{(video.MotionFound == true ? "yes" : "no")} ({strength:0.00})") : "-",
        (video.Readable ? "" : "CANNOT BE USED: ") + string.Join("; ", video.Remarks),
    ];

    private sealed record CheckedVideo(
        string Path, bool Readable, int Frames, int Width, int Height, double FramesPerSecond, bool? MotionFound, float? MotionStrength, IReadOnlyList<string> Remarks);
}
