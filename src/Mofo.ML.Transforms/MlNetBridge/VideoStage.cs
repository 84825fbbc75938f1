using Microsoft.ML;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What a stage does, free of ML.NET's plumbing: which columns it reads and writes, and how rows become results.</summary>
internal abstract class VideoStage<TResult>
{
    public abstract VideoInputs Inputs { get; }

    /// <summary>The output columns, given the schema that the stage is applied to.</summary>
    public abstract IReadOnlyList<OutputColumn<TResult>> Outputs(DataViewSchema input);

    /// <summary>
    /// One result per row, in order. The stage may pull rows ahead of the results it gives, to decode and compute several at once;
    /// it pulls them on the thread that asks for results. Safe to run several times at once.
    /// </summary>
    public abstract IEnumerable<TResult> Compute(IEnumerable<VideoRow> rows);
}
