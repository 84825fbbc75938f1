using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>MOFO's pretraining among <c>mlContext.Transforms</c>.</summary>
public static class MofoTransformsCatalog
{
    /// <summary>Learns video features from unlabelled clips by rebuilding what is hidden of them, the moving area above all.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Name of the embedding column: a vector of Single, <c>Model.EmbedDim</c> long.</param>
    /// <param name="videoColumnName">Name of the column with the video paths (text).</param>
    /// <param name="motionColumnName">Name of the motion box column (variable vector of Single).</param>
    /// <param name="options">Settings; null for the paper's.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    public static MofoPretrainer PretrainMofo(
        this TransformsCatalog catalog,
        string outputColumnName = "Features",
        string videoColumnName = "VideoPath",
        string motionColumnName = "MotionBoxes",
        MofoPretrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MofoPretrainer(StageHost.EnvironmentOf(catalog), outputColumnName, videoColumnName, motionColumnName, options);
    }

    /// <summary>Learns video features from unlabelled clips, with the default columns.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    public static MofoPretrainer PretrainMofo(this TransformsCatalog catalog, MofoPretrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return catalog.PretrainMofo("Features", "VideoPath", "MotionBoxes", options);
    }
}
