namespace Mofo.ML.Transforms;

/// <summary>Settings of scoring with an exported model on ONNX Runtime. The model says how clips are cut.</summary>
public sealed class MofoOnnxModelOptions : VideoStageOptions
{
    /// <summary>Clips in one pass of the network; bounds its memory.</summary>
    /// <value>Default 8; in [1, 1024].</value>
    public int BatchSize { get; set; } = 8;

    /// <summary>Threads of one pass.</summary>
    /// <value>Default 0: as many as there are cores. In [0, 1024]. Where several passes run at once (a service), fewer are better.</value>
    public int Threads { get; set; }

    internal MofoOnnxModelOptions Copy() => CopyOf<MofoOnnxModelOptions>();

    private protected override void AddProblems(OptionProblems problems)
    {
        problems.InRange(BatchSize, 1, 1024);
        problems.InRange(Threads, 0, 1024);
    }
}
