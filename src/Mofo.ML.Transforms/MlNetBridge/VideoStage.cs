using Microsoft.ML;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What a stage does, free of ML.NET's plumbing: which columns it reads and writes, and how rows become results.</summary>
/// <param name="host">Log and progress.</param>
/// <param name="task">Words and rules for its passes.</param>
/// <param name="run">What belongs to a run.</param>
internal abstract class VideoStage<TResult>(StageHost host, StageTask task, MofoRunOptions run)
{
    private volatile MofoRunOptions _run = run;

    public abstract VideoInputs Inputs { get; }

    /// <summary>The settings of passes that begin now.</summary>
    protected MofoRunOptions Run => _run;

    /// <summary>Takes the settings of passes that begin from now on.</summary>
    public virtual void Use(MofoRunOptions run) => _run = run;

    /// <summary>The output columns, given the schema that the stage is applied to.</summary>
    public abstract IReadOnlyList<OutputColumn<TResult>> Outputs(DataViewSchema input);

    /// <summary>Takes frames that stages upstream decode anyway, in one pass; null where the stage needs none.</summary>
    protected virtual IFrameAudience? NewAudience() => null;

    /// <summary>Reports to the log and to the user's callback.</summary>
    protected void Warning(string message)
    {
        host.Warning(message);
        _run.Warning?.Invoke(message);
    }

    /// <summary>Writes a warning about an unusual video to the log and to the user's receiver, once for all stages.</summary>
    protected void Remark(string message) => host.Remark(message, Warning);

    /// <summary>Begins a pass over rows.</summary>
    /// <param name="count">Where videos are counted; null for a new count.</param>
    /// <param name="cancel">Stops this pass, beside the token of the run.</param>
    public StagePass StartPass(VideoCount? count = null, CancellationToken cancel = default) => new(host, task, _run, count ?? new VideoCount(), NewAudience(), cancel);

    /// <summary>
    /// One result per row, in order. The stage may draw rows ahead of the results that it gives, on any thread, one at a time, to decode and compute several
    /// at once. Safe to run several times at once.
    /// </summary>
    public abstract IEnumerable<TResult> Compute(IEnumerable<VideoRow> rows, StagePass pass);
}
