using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>MOFO's finetuning among <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
public static class MofoTrainersCatalog
{
    /// <summary>Trains an action classifier that joins what is inside the motion box with what is outside it.</summary>
    /// <param name="catalog">The trainers catalog.</param>
    /// <param name="labelColumnName">Name of the label column (key).</param>
    /// <param name="videoColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="motionColumnName">Name of the motion box column (variable vector of Single).</param>
    /// <param name="options">Settings; null for the paper's.</param>
    /// <param name="exampleWeightColumnName">Name of a column (Single) that says how much each row counts beside others; null for equal weights.</param>
    /// <returns>The trainer; its model adds <c>Score</c> (vector of Single with class names) and <c>PredictedLabel</c> (key).</returns>
    /// <exception cref="ArgumentException">A column name is blank.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    public static MofoFinetuneTrainer MofoFinetune(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string videoColumnName = "VideoPath",
        string motionColumnName = "MotionBoxes",
        MofoFinetuningOptions? options = null,
        string? exampleWeightColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MofoFinetuneTrainer(
            StageHost.EnvironmentOf(catalog), labelColumnName, videoColumnName, motionColumnName, options, exampleWeightColumnName);
    }

    /// <summary>Trains an action classifier, with the default columns.</summary>
    /// <param name="catalog">The trainers catalog.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    public static MofoFinetuneTrainer MofoFinetune(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, MofoFinetuningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return catalog.MofoFinetune("Label", "VideoPath", "MotionBoxes", options);
    }
}
