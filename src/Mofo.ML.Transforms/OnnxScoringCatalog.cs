using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>Exported models as stages of <c>mlContext.Transforms</c>.</summary>
public static class OnnxScoringCatalog
{
    /// <summary>Scores videos with an exported model on ONNX Runtime, in batches, all test views of a video; the application needs no libtorch.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>.</param>
    /// <param name="videoColumnName">Name of the column with the video paths (text).</param>
    /// <param name="motionColumnName">Name of the column with motion boxes (vector of Single).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator. It adds <c>Score</c> and <c>PredictedLabel</c>, or, for an encoder, <c>Features</c>.</returns>
    /// <remarks>The application references the package Microsoft.ML.OnnxRuntime (or one of its GPU variants), which holds the native library.</remarks>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    public static MofoOnnxScoringEstimator ScoreMofoOnnx(
        this TransformsCatalog catalog, string modelFile, string videoColumnName = "VideoPath", string motionColumnName = "MotionBoxes", OnnxScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MofoOnnxScoringEstimator(StageHost.EnvironmentOf(catalog), modelFile, videoColumnName, motionColumnName, options);
    }
}
