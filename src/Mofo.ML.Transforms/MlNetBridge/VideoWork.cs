using Mofo.ML.Transforms.Loading;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Runs something over the videos of a pass: several at once, results in order, bad videos as the options say.</summary>
internal static class VideoWork
{
    /// <summary>One result per row, in order; null for a video that was skipped.</summary>
    /// <param name="rows">Drawn lazily, a bounded number ahead.</param>
    /// <param name="pass">When to stop, and where to report.</param>
    /// <param name="work">Video to result; called on several threads. Results that are not taken are disposed.</param>
    /// <param name="workers">Videos at once.</param>
    /// <param name="ahead">Videos in work or waiting to be taken.</param>
    public static IEnumerable<TResult?> Run<TResult>(
        IEnumerable<VideoRow> rows, StagePass pass, Func<VideoRow, CancellationToken, TResult> work, int workers, int ahead)
        where TResult : class
    {
        using var loader = new AheadLoader<VideoRow, TResult?>(rows, (row, stop) => pass.OrSkip(row, video => work(video, stop)), workers, ahead, cancel: pass.Token);
        while (loader.TryTake(out var loaded))
        {
            if (loaded.Error is { } error)
            {
                LoadFailure.Throw(error, loaded.RequestFailed, () => Invariant($"Row {loaded.Request.Row}, '{loaded.Request.Path}'"));
            }

            pass.Done(loaded.Request, skipped: loaded.Value is null);
            yield return loaded.Value;
        }
    }
}
