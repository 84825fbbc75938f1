using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>Exported models as stages of <c>mlContext.Transforms</c>.</summary>
public static partial class MofoOnnxModelCatalog
{
    /// <summary>Scores videos with an exported model on ONNX Runtime, in batches, all test views of a video; the application needs no libtorch.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>.</param>
    /// <param name="videoColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="motionColumnName">Name of the column with motion boxes (vector of Single).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator. It adds <c>Score</c> and <c>PredictedLabel</c>, or, for an encoder, <c>Features</c>.</returns>
    /// <remarks>The application references the package Microsoft.ML.OnnxRuntime (or one of its GPU variants), which holds the native library.</remarks>
    /// <exception cref="ArgumentException">A column name is blank.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    public static MofoOnnxModelEstimator ApplyMofoOnnxModel(
        this TransformsCatalog catalog, string modelFile, string videoColumnName = "VideoPath", string motionColumnName = "MotionBoxes", MofoOnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MofoOnnxModelEstimator(StageHost.EnvironmentOf(catalog), modelFile, videoColumnName, motionColumnName, options);
    }

    /// <summary>Scores videos with an exported model on ONNX Runtime, with the default columns.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    public static MofoOnnxModelEstimator ApplyMofoOnnxModel(this TransformsCatalog catalog, string modelFile, MofoOnnxModelOptions? options) =>
        catalog.ApplyMofoOnnxModel(modelFile, "VideoPath", "MotionBoxes", options);

    /// <summary>Cuts all test views of every video as an exported model expects them, for ML.NET's own <c>ApplyOnnxModel</c>.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>: it says how clips are cut.</param>
    /// <param name="videoColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="motionColumnName">Name of the column with motion boxes (vector of Single).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator. It adds <c>Clips</c> and <c>ClipBoxes</c>, named as the model's inputs are, since ML.NET binds columns by name.</returns>
    /// <remarks>
    /// <c>ApplyOnnxModel</c> needs <see cref="MofoOnnxModels.ShapesOf"/> as its shape dictionary; <see cref="AverageMofoViews"/> makes <c>Score</c> and <c>PredictedLabel</c> of its output.
    /// It runs one video at a time; <c>ApplyMofoOnnxModel</c> does the three steps in one and in batches.
    /// </remarks>
    /// <exception cref="ArgumentException">A column name is blank.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    public static MofoClipLoadingEstimator LoadMofoClips(
        this TransformsCatalog catalog, string modelFile, string videoColumnName = "VideoPath", string motionColumnName = "MotionBoxes", MofoClipLoadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MofoClipLoadingEstimator(StageHost.EnvironmentOf(catalog), modelFile, videoColumnName, motionColumnName, options);
    }

    /// <summary>Cuts all test views of every video as an exported model expects them, with the default columns.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    public static MofoClipLoadingEstimator LoadMofoClips(this TransformsCatalog catalog, string modelFile, MofoClipLoadingOptions? options) =>
        catalog.LoadMofoClips(modelFile, "VideoPath", "MotionBoxes", options);

    /// <summary>Averages what <c>ApplyOnnxModel</c> gave for the test views of a video.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">The same exported model: it knows the classes.</param>
    /// <returns>The estimator. From <c>ClipScores</c> it makes <c>Score</c> and <c>PredictedLabel</c>, from an encoder's <c>ClipFeatures</c> <c>Features</c>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    public static MofoViewAverageEstimator AverageMofoViews(this TransformsCatalog catalog, string modelFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MofoViewAverageEstimator(StageHost.EnvironmentOf(catalog), modelFile);
    }
}
