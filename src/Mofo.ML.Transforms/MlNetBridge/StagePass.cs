using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>One pass of a stage over rows: when it stops, where it reports, and what happens to videos that cannot be read.</summary>
internal sealed class StagePass : IDisposable
{
    private readonly StageHost _host;
    private readonly StageTask _task;
    private readonly MofoRunOptions _run;
    private readonly VideoCount _count;
    private readonly PassLines _lines;
    private readonly StageCancellation _cancellation;
    private readonly IFrameAudience? _behind = FrameAudience.Present; // stages behind this one, which begin this pass
    private IProgressChannel? _channel;

    /// <param name="host">Log and progress.</param>
    /// <param name="task">What the stage does.</param>
    /// <param name="run">Token, limits, and where to report in addition to the log.</param>
    /// <param name="count">Where videos are counted; several passes of one reader may share it.</param>
    /// <param name="audience">Takes frames that the stages upstream decode for purposes of their own; null for nobody.</param>
    /// <param name="cancel">Stops the pass, beside the token of the run.</param>
    public StagePass(StageHost host, StageTask task, MofoRunOptions run, VideoCount count, IFrameAudience? audience = null, CancellationToken cancel = default)
    {
        (_host, _task, _run, _count, Audience) = (host, task, run, count, audience);
        _lines = new PassLines(task.Title, TimeProvider.System);
        _cancellation = new StageCancellation(host, run.CancellationToken, cancel);
        VideoReading = new VideoReading(run.VideoLimits, Remark, Token);
    }

    /// <summary>Cancelled when the pass must stop.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>How the videos of the pass are read: the limits of the run, remarks as warnings, until the pass must stop.</summary>
    public VideoReading VideoReading { get; }

    /// <summary>Takes frames that the stages upstream decode for purposes of their own; null for nobody.</summary>
    public IFrameAudience? Audience { get; }

    /// <summary>Runs <paramref name="read"/>, which reads from the stage before this one; it stops when this pass does, and offers its frames to the audience.</summary>
    public T Reading<T>(Func<T> read) => FrameAudience.Run(FrameAudience.Joined(_behind, Audience), () => _cancellation.Reading(read));

    /// <summary>Stops the pass.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Reports to the log and to the user's callback.</summary>
    public void Warning(string message)
    {
        _host.Warning(message);
        _run.Warning?.Invoke(message);
    }

    /// <summary>Works on the video of one row; null where it cannot be read and the options say to skip it. Called on several threads.</summary>
    /// <exception cref="VideoException">The video cannot be read, and the options say to throw; names the row.</exception>
    public TResult? OrSkip<TResult>(VideoRow row, Func<VideoRow, TResult> work)
        where TResult : class
    {
        try
        {
            return FrameAudience.Run(_behind, () => work(row));
        }
        catch (VideoException error)
        {
            var named = error.Row is null ? error.WithRow(row.Row) : error;
            if (_task.OnBadVideo != BadVideoHandling.Skip)
            {
                throw named;
            }

            // One warning for each file, however many passes and stages meet it; how many there were is said after every pass.
            if (_host.IsNews(named))
            {
                Warning(named.Message);
            }

            return null;
        }
    }

    /// <summary>The result of a row is handed out; called in the order of the rows.</summary>
    public void Done(VideoRow row, bool skipped)
    {
        _channel ??= OpenChannel();
        _count.Add(skipped);
        if (_lines.After(_count) is { } line)
        {
            _host.Info(line);
        }

        _run.Progress?.Report(new VideoProgress(row.Path, _count.Done, _count.Skipped));
    }

    /// <summary>The reader has come to its end, or leaves: says how many videos were skipped.</summary>
    public void Report()
    {
        if (_count.Report(_task.Output) is { } sentence)
        {
            Warning(sentence);
        }
    }

    public void Dispose()
    {
        _channel?.Dispose();
        _cancellation.Dispose();
    }

    private void Remark(string message) => _host.Remark(message, Warning);

    private IProgressChannel OpenChannel()
    {
        var channel = _host.Progress(_task.Title);
        channel.SetHeader(new ProgressHeader(["Bad videos"], ["videos"]), entry =>
        {
            entry.SetProgress(0, _count.Done);
            entry.SetMetric(0, _count.Skipped);
        });
        return channel;
    }
}
