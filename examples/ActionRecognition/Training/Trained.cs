using Microsoft.ML;

namespace ActionRecognition.Training;

/// <summary>A finished training.</summary>
/// <param name="Model">The stage that it made.</param>
/// <param name="Log">Its losses.</param>
internal sealed record Trained<T>(T Model, TrainingLog Log)
    where T : ITransformer;
