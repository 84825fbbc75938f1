using System.CommandLine;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Videos with their motion drawn over them: for players, for documents, for browsers.</summary>
internal static class DrawCommand
{
    public static CommandShape New()
    {
        var videos = new VideoArguments();
        var output = new Option<string>("--out") { Description = "Folder for what is drawn; made where it is missing.", HelpName = "folder", DefaultValueFactory = _ => "." };
        var format = new Option<string>("--format")
        {
            Description = "mp4 and avi: the whole video with map and boxes, for players. png and webp: some frames side by side. html: one page that plays all videos with their boxes in a browser.",
            HelpName = "mp4|avi|png|webp|html",
            DefaultValueFactory = _ => "mp4",
        };
        format.AcceptOnlyFromAmong("mp4", "avi", "png", "webp", "html");
        var frames = new Option<int>("--frames") { Description = "Frames in a png or webp. In [1, 64].", HelpName = "integer", DefaultValueFactory = _ => 6 };
        var detection = new DetectionOptions([]);
        return CommandShape.Of(
            "draw", "Draw motion map (red), box of the frame (green) and union of the clip (yellow) over videos.",
            [.. videos.Symbols, output, format, frames, .. detection.Symbols], run => Run(run, videos, run.Value(output)!, run.Value(format)!, run.Value(frames), detection));
    }

    private static int Run(CommandRun run, VideoArguments videos, string folder, string format, int frames, DetectionOptions detection)
    {
        if (frames is < 1 or > 64)
        {
            throw new UsageException(Invariant($"--frames is {frames}; it must be in [1, 64]."));
        }

        var (rows, options) = Detecting.Begin(run, videos, detection);
        var (files, bad) = (new List<string>(), 0);
        if (format == "html")
        {
            files.Add(DrawPage(run, rows, folder, options, Bad));
        }
        else
        {
            var drawing = new MotionDrawing(options);
            var names = new OutputNames();
            Detecting.Each(run, "drawing", rows, row =>
            {
                var file = Path.Combine(folder, $"{names.For(VideoName.FileStem(row.VideoPath))}-motion.{format}");
                _ = format is "mp4" or "avi" ? drawing.SaveVideo(row.VideoPath, file, run.Cancel) : drawing.SavePicture(row.VideoPath, file, frames, run.Cancel);
                files.Add(file);
            }, (_, e) => Bad(e));
        }

        files.ForEach(file => run.Terminal.Say(Path.GetFullPath(file)));
        run.Terminal.Result(new { files = files.Select(Path.GetFullPath) });
        return bad == 0 ? ExitCodes.Ok : ExitCodes.Failed;

        void Bad(VideoException e)
        {
            Detecting.WarnOrThrow(run, options, e);
            bad++;
        }
    }

    private static string DrawPage(CommandRun run, IReadOnlyList<VideoRow> rows, string folder, MotionDetectionOptions options, Action<VideoException> bad)
    {
        var file = Path.Combine(folder, "motion.html");
        var report = new MofoReport("Motion");
        var detector = new MotionDetector(options);
        var (done, clips) = (0, new List<KeyValuePair<string, string>>());
        run.Watch(board =>
        {
            report.AddClips(Invariant($"{rows.Count} videos"), Told(), detector, bad, run.Cancel);
            board.Tell("drawing", 1);
            return true;

            IEnumerable<KeyValuePair<string, string>> Told()
            {
                foreach (var row in rows)
                {
                    board.Tell("drawing", (double)done++ / rows.Count, Path.GetFileName(row.VideoPath));
                    yield return KeyValuePair.Create(row.VideoPath, row.Label);
                }
            }
        });
        report.Save(file);
        return file;
    }
}
