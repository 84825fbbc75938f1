using System.CommandLine;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Research;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Motion boxes of videos, as the original's JSON and as a table.</summary>
internal static class DetectCommand
{
    public static CommandShape New()
    {
        var videos = new VideoArguments();
        var output = new Option<string?>("--out") { Description = "The JSON file of boxes, in the layout of the original's Unsupervised_BB_*.json.", HelpName = "file.json" };
        var table = new Option<string?>("--table") { Description = "A CSV file with one row per video: frames, size, motion, shares of the frame that the boxes cover.", HelpName = "file.csv" };
        var key = new Option<string>("--key") { Description = "What names a video in the JSON: its file name without the ending, with it, or its full path; of a part of a video also which part.", HelpName = "stem|name|path", DefaultValueFactory = _ => "stem" };
        key.AcceptOnlyFromAmong("stem", "name", "path");
        var detection = new DetectionOptions([]);
        return CommandShape.Of(
            "detect", "Find what moves in videos apart from the camera: one box per frame, and their union.",
            [.. videos.Symbols, output, table, key, .. detection.Symbols], run => Run(run, videos, run.Value(output), run.Value(table), run.Value(key)!, detection));
    }

    private static int Run(CommandRun run, VideoArguments videos, string? output, string? table, string key, DetectionOptions detection)
    {
        var (rows, options) = Detecting.Begin(run, videos, detection);
        if (output is not null && rows.GroupBy(row => KeyOf(row.VideoPath, key)).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UsageException($"Two videos have the name '{twice.Key}' in the JSON: {string.Join(", ", twice.Select(row => row.VideoPath).Take(2))}. Take --key path.");
        }

        var detector = new MotionDetector(options);
        var found = Detecting.Share(run, "detecting motion", rows, row => DetectedVideo.Of(row, detector, e => Detecting.WarnOrThrow(run, options, e), run.Cancel));
        if (!run.IsFirst)
        {
            return ExitCodes.Ok;
        }

        List<KeyValuePair<string, BoxTrack>> tracks = [.. rows.Zip(found).Where(pair => pair.Second.Track is not null).Select(pair => KeyValuePair.Create(pair.First.VideoPath, pair.Second.Track!))];
        List<VideoException> bad = [.. found.Select(video => video.Problem).OfType<VideoException>()];
        if (output is not null)
        {
            BoxJson.Write(output, tracks.Select(track => KeyValuePair.Create(KeyOf(track.Key, key), track.Value)), options.BoxMode);
        }

        if (table is not null)
        {
            BoxCoverage.PerVideo(tracks).SaveCsv(table);
        }

        run.Terminal.Table(["video", "frames", "motion", "x1", "y1", "x2", "y2", "share of frame"], tracks.Select(track => Cells(track.Key, track.Value)));
        run.Terminal.Say(Invariant($"{tracks.Count} videos") + (bad.Count > 0 ? Invariant($", {bad.Count} cannot be read") : "") + (output is null ? "." : $"; boxes in {output}."));
        run.Terminal.Result(new
        {
            videos = tracks.Select(track => new { path = track.Key, frames = track.Value.PerFrame.Count, track.Value.MotionFound, track.Value.MotionStrength, union = Corners(track.Value.Union) }),
            bad = bad.Select(e => new { path = e.File, e.Reason }),
            json = output,
            table,
        });
        return bad.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static string KeyOf(string path, string key) => key switch { "path" => path, "name" => Path.GetFileName(path), _ => VideoName.Stem(path) };

    private static IReadOnlyList<string> Cells(string path, BoxTrack track) =>
    [
        Path.GetFileName(path), Invariant($"{track.PerFrame.Count}"), Invariant($"{(track.MotionFound ? "yes" : "no")} ({track.MotionStrength:0.00})"),
        .. Corners(track.Union).Select(value => Invariant($"{value:0}")), Invariant($"{track.Union.Area / (track.FrameWidth * (double)track.FrameHeight):0.00}"),
    ];

    private static float[] Corners(MotionBox box) => [box.X1, box.Y1, box.X2, box.Y2];
}
