using Mofo.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The names that these stages had before 1.0.</summary>
public static partial class MofoOnnxModelCatalog
{
    /// <summary>The former name of <c>ApplyMofoOnnxModel</c>.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>.</param>
    /// <param name="videoColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="motionColumnName">Name of the column with motion boxes (vector of Single).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator.</returns>
    [Obsolete("Use ApplyMofoOnnxModel.")]
    public static MofoOnnxModelEstimator ScoreMofoOnnx(
        this TransformsCatalog catalog, string modelFile, string videoColumnName = "VideoPath", string motionColumnName = "MotionBoxes", MofoOnnxModelOptions? options = null) =>
        catalog.ApplyMofoOnnxModel(modelFile, videoColumnName, motionColumnName, options);

    /// <summary>The former name of <c>LoadMofoClips</c>.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>.</param>
    /// <param name="videoColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="motionColumnName">Name of the column with motion boxes (vector of Single).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator.</returns>
    [Obsolete("Use LoadMofoClips.")]
    public static MofoClipLoadingEstimator LoadClips(
        this TransformsCatalog catalog, string modelFile, string videoColumnName = "VideoPath", string motionColumnName = "MotionBoxes", MofoClipLoadingOptions? options = null) =>
        catalog.LoadMofoClips(modelFile, videoColumnName, motionColumnName, options);

    /// <summary>The former name of <see cref="AverageMofoViews"/>.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">The exported model.</param>
    /// <returns>The estimator.</returns>
    [Obsolete("Use AverageMofoViews.")]
    public static MofoViewAverageEstimator AverageViews(this TransformsCatalog catalog, string modelFile) => catalog.AverageMofoViews(modelFile);
}
