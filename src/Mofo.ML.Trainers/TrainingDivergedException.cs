namespace Mofo.ML.Trainers;

/// <summary>The loss became infinite or not a number; training stopped before it could damage the weights further.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="stage"><c>pretraining</c> or <c>finetuning</c>.</param>
    /// <param name="step">Optimiser step, from 1.</param>
    /// <param name="loss">The loss found.</param>
    /// <param name="videos">The clips of the batch.</param>
    public TrainingDivergedException(string stage, int step, double loss, IReadOnlyList<string> videos)
        : base(Invariant($"The loss of {stage} is {loss} at step {step}; lower BaseLearningRate, or look at these clips: {string.Join(", ", videos ?? [])}."))
    {
        (Step, Videos) = (step, videos ?? []);
    }

    private TrainingDivergedException(string message, int step, IReadOnlyList<string> videos)
        : base(message) => (Step, Videos) = (step, videos);

    internal static TrainingDivergedException OfGradient(string stage, int step, double norm, IReadOnlyList<string> videos) => new(
        Invariant($"The gradient of {stage} has the length {norm} at step {step}; lower BaseLearningRate, or look at these clips: {string.Join(", ", videos)}."), step, videos);

    /// <summary>Optimiser step, from 1.</summary>
    public int Step { get; }

    /// <summary>The clips of the batch.</summary>
    public IReadOnlyList<string> Videos { get; }
}
