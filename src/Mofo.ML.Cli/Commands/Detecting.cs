using Mofo.ML.Cli.Output;
using Mofo.ML.Cli.Running;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Works on videos one after the other, with the progress in view.</summary>
internal static class Detecting
{
    /// <summary>Does <paramref name="work"/> with each video. A video that cannot be read is <paramref name="bad"/>'s.</summary>
    public static void Each(CommandRun run, string stage, IReadOnlyList<VideoRow> videos, Action<VideoRow> work, Action<VideoRow, VideoException> bad) => run.Watch(board =>
    {
        for (var i = 0; i < videos.Count; i++)
        {
            run.Cancel.ThrowIfCancellationRequested();
            board.Tell(stage, (double)i / videos.Count, Invariant($"{i} of {videos.Count} videos"));
            try
            {
                work(videos[i]);
            }
            catch (VideoException e)
            {
                bad(videos[i], e);
            }
        }

        board.Tell(stage, 1, Invariant($"{videos.Count} videos"));
        return true;
    });
}
