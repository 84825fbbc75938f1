using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>Settings of scoring with an exported model on ONNX Runtime. The model says how clips are cut.</summary>
public sealed class MofoOnnxModelOptions : VideoStageOptions
{
    /// <summary>Clips in one pass of the network; bounds its memory.</summary>
    /// <value>Default 8; in [1, 1024], and lower for large clips: the values of a batch must fit into one array of 2,147,483,591 numbers.</value>
    public int BatchSize { get; set; } = 8;

    /// <summary>Threads of one pass.</summary>
    /// <value>Default 0: as many as there are cores. In [0, 1024]. Where several passes run at once (a service), fewer are better.</value>
    public int Threads { get; set; }

    internal MofoOnnxModelOptions Copy() => CopyOf<MofoOnnxModelOptions>();

    /// <summary>Checks the batch against the clips of a model, whose values lie in one array.</summary>
    /// <exception cref="MofoOptionsException">The batch is too large for them.</exception>
    internal void RequireBatchOf(ScoringViews views)
    {
        var problems = new OptionProblems(nameof(MofoOnnxModelOptions));
        problems.Require(
            BatchSize <= views.MostClips,
            Invariant($"{nameof(BatchSize)} is {BatchSize}; it must be in [1, {views.MostClips}] for a model that takes clips of {views.Frames} frames of {views.ImageSize}x{views.ImageSize}."));
        problems.ThrowIfAny();
    }

    private protected override void AddProblems(OptionProblems problems)
    {
        problems.InRange(BatchSize, 1, 1024);
        problems.InRange(Threads, 0, 1024);
    }
}
