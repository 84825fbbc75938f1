using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>MOFO's pretraining, and weights of others, among <c>mlContext.Transforms</c>.</summary>
public static class MofoTransformsCatalog
{
    /// <summary>Learns video features from unlabelled clips by reconstructing what is hidden of them, the moving area above all.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Name of the embedding column: a vector of Single, <c>Model.EmbedDim</c> long.</param>
    /// <param name="videoColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="motionColumnName">Name of the motion box column (variable vector of Single).</param>
    /// <param name="options">Settings; null for the paper's.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is blank.</exception>
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

    /// <summary>Applies published weights to videos, without training: features and, where the weights have a classification head, scores and classes.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelPath">
    /// A HuggingFace folder (<c>config.json</c>, <c>preprocessor_config.json</c>, <c>model.safetensors</c>, also in shards), or a <c>.pth</c>, <c>.bin</c> or <c>.safetensors</c> of
    /// VideoMAE, VideoMAE V2, MOFO or MMAction2, whose size is read from the shapes of its tensors. docs/weights.md lists what is published.
    /// </param>
    /// <param name="videoColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="motionColumnName">Name of the motion box column (vector of Single); needed only for weights with a motion fusion.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator. It adds <c>Features</c> and, with a head, <c>Score</c> (class names as slot names) and <c>PredictedLabel</c> (key with the class names as values).</returns>
    /// <exception cref="ArgumentException">A column name is blank.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range, or does not fit the weights.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The weights cannot be read, or are those of another kind of network.</exception>
    public static MofoModelEstimator ApplyMofoModel(
        this TransformsCatalog catalog,
        string modelPath,
        string videoColumnName = "VideoPath",
        string motionColumnName = "MotionBoxes",
        MofoModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MofoModelEstimator(StageHost.EnvironmentOf(catalog), modelPath, videoColumnName, motionColumnName, options);
    }

    /// <summary>Applies published weights to videos, with the default columns.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelPath">A HuggingFace folder or a weight file.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range, or does not fit the weights.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The weights cannot be read, or are those of another kind of network.</exception>
    public static MofoModelEstimator ApplyMofoModel(this TransformsCatalog catalog, string modelPath, MofoModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return catalog.ApplyMofoModel(modelPath, "VideoPath", "MotionBoxes", options);
    }
}
