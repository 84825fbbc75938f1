using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Runs something over the videos of a view: several at once, results in order, bad videos as the options say.</summary>
/// <param name="host">Log and progress.</param>
/// <param name="options">What happens to bad videos, and when to stop.</param>
/// <param name="title">Name of the progress.</param>
/// <param name="lack">What a bad video has none of, for the warning at the end.</param>
internal sealed class VideoWork(StageHost host, MotionDetectionOptions options, string title, string lack)
{
    /// <summary>One result per row, in order; null for a video that was skipped.</summary>
    public IEnumerable<TResult?> Run<TResult>(IEnumerable<VideoRow> rows, Func<VideoRow, CancellationToken, TResult> work)
        where TResult : class
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        using var progress = host.Progress(title);
        var (done, bad) = (0, 0);
        progress.SetHeader(new(["Bad videos"], ["videos"]), entry =>
        {
            entry.SetProgress(0, done);
            entry.SetMetric(0, bad);
        });
        var running = new Queue<Task<TResult?>>();
        try
        {
            foreach (var row in rows)
            {
                running.Enqueue(Task.Run(() => OrSkip(row, work, stop.Token), stop.Token));
                if (running.Count > Environment.ProcessorCount)
                {
                    yield return Next();
                }
            }

            while (running.Count > 0)
            {
                yield return Next();
            }
        }
        finally
        {
            // The reader may leave early, or a video may have failed: nothing keeps running behind anybody's back.
            stop.Cancel();
            Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        if (bad > 0)
        {
            host.Warning(Invariant($"{bad} of {done} videos could not be read; they have no {lack}."));
        }

        TResult? Next()
        {
            var result = running.Dequeue().GetAwaiter().GetResult();
            done++;
            bad += result is null ? 1 : 0;
            return result;
        }
    }

    private TResult? OrSkip<TResult>(VideoRow row, Func<VideoRow, CancellationToken, TResult> work, CancellationToken cancel)
        where TResult : class
    {
        try
        {
            return work(row, cancel);
        }
        catch (VideoException e) when (options.OnBadVideo == BadVideoHandling.Skip)
        {
            host.Warning(e.WithRow(row.Row).Message);
            return null;
        }
        catch (VideoException e)
        {
            throw e.WithRow(row.Row);
        }
    }
}
