using Mofo.ML.Cli.Output;
using Mofo.ML.Cli.Running;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Works on videos one after the other, with the progress in view.</summary>
internal static class Detecting
{
    /// <summary>The videos that are asked for, each once, and the detector's settings, whose warnings come to the terminal.</summary>
    public static (IReadOnlyList<VideoRow> Videos, MotionDetectionOptions Options) Begin(CommandRun run, VideoArguments videos, DetectionOptions detection)
    {
        var ml = run.NewContext();
        var rows = VideoArguments.Rows(ml, videos.Load(run, ml)).DistinctBy(row => row.VideoPath).ToList();
        var options = detection.Read(run);
        options.Warning = run.Terminal.Warn;
        return (rows, options);
    }

    /// <summary>Detects motion in each video; where several processes run, each takes whichever video comes next. The results come in the order of the videos, on every process.</summary>
    public static IReadOnlyList<DetectedVideo> Share(CommandRun run, string stage, IReadOnlyList<VideoRow> videos, Func<VideoRow, DetectedVideo> work)
    {
        run.RequireSame("list of videos", videos.Select(video => video.VideoPath));
        return run.Watch(board =>
        {
            var found = run.Share(videos.Count, i =>
            {
                run.Cancel.ThrowIfCancellationRequested();
                Tell(board, stage, i, videos.Count);
                return work(videos[i]);
            }, DetectedVideo.Write, DetectedVideo.Read);
            Tell(board, stage, videos.Count, videos.Count);
            return found;
        });
    }

    /// <summary>Does <paramref name="work"/> with each video. A video that cannot be read is <paramref name="bad"/>'s.</summary>
    public static void Each(CommandRun run, string stage, IReadOnlyList<VideoRow> videos, Action<VideoRow> work, Action<VideoRow, VideoException> bad) => run.Watch(board =>
    {
        for (var i = 0; i < videos.Count; i++)
        {
            run.Cancel.ThrowIfCancellationRequested();
            Tell(board, stage, i, videos.Count);
            try
            {
                work(videos[i]);
            }
            catch (VideoException e)
            {
                bad(videos[i], e);
            }
        }

        Tell(board, stage, videos.Count, videos.Count);
        return true;
    });

    /// <summary>A video that cannot be read ends the command or is a warning, as <c>--on-bad-video</c> says.</summary>
    public static void WarnOrThrow(CommandRun run, MotionDetectionOptions options, VideoException e)
    {
        if (options.OnBadVideo == BadVideoHandling.Throw)
        {
            throw e;
        }

        run.Terminal.Warn(e.Message);
    }

    private static void Tell(ProgressBoard board, string stage, int done, int count) =>
        board.Tell(stage, done < count ? (double)done / count : 1, done < count ? Invariant($"{done} of {count} videos") : Invariant($"{count} videos"));
}
