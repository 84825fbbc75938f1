using Microsoft.ML;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>A model that is ready to transform videos.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly MofoRunOptions _run;

    /// <param name="path">Where it comes from.</param>
    /// <param name="transformer">The pipeline.</param>
    /// <param name="asked">The motion detector's settings of the command line.</param>
    public LoadedModel(string path, ITransformer transformer, MotionDetectionOptions asked)
    {
        (Path, Transformer) = (path, transformer);
        _run = new MofoRunOptions { CacheFolder = asked.CacheFolder, CancellationToken = asked.CancellationToken, VideoLimits = asked.VideoLimits };
        Detection = SavedChain.Flat(transformer).OfType<MotionDetectionTransformer>().FirstOrDefault()?.Options ?? asked;
        (Detection.CacheFolder, Detection.CancellationToken, Detection.VideoLimits) = (_run.CacheFolder, _run.CancellationToken, _run.VideoLimits);
    }

    public string Path { get; }

    /// <summary>Whether ONNX Runtime computes it, not torch.</summary>
    public bool IsOnnx => IsOnnxFile(Path);

    public ITransformer Transformer { get; }

    /// <summary>The motion detector's effective settings: those of the pipeline's own detector, else those of the command line; cache folder and limits are always the command line's.</summary>
    public MotionDetectionOptions Detection { get; }

    public static bool IsOnnxFile(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reports every video that the model works on from now on.</summary>
    public void Show(MLContext ml, IProgress<VideoProgress>? progress)
    {
        _run.Progress = progress;
        ml.Model.SetMofoRunOptions(Transformer, _run);
    }

    public void Dispose() => (Transformer as IDisposable)?.Dispose();
}
