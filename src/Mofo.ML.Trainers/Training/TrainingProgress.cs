namespace Mofo.ML.Trainers;

/// <summary>Where a training run stands after a step.</summary>
/// <param name="Stage"><c>pretraining</c> or <c>finetuning</c>.</param>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Optimiser steps done, from 1, over all epochs.</param>
/// <param name="Steps">Optimiser steps in all.</param>
/// <param name="Loss">Loss of this step.</param>
/// <param name="LossInside">Pretraining: reconstruction error of hidden tokens inside the motion box; NaN otherwise.</param>
/// <param name="LossOutside">Pretraining: the same outside the box; NaN otherwise.</param>
/// <param name="LearningRate">Learning rate of this step (of layers that are not scaled).</param>
/// <param name="ClipsPerSecond">Clips trained on per second since the start of the run.</param>
/// <param name="WaitedShare">Share of the run's time in which the network waited for clips, in [0, 1].</param>
/// <param name="Remaining">Time left at the pace so far.</param>
/// <param name="ValidationAccuracy">Finetuning: top-1 on the validation set after this epoch; null between epochs or without such a set.</param>
public sealed record TrainingProgress(
    string Stage,
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    double Loss,
    double LossInside,
    double LossOutside,
    double LearningRate,
    double ClipsPerSecond,
    double WaitedShare,
    TimeSpan Remaining,
    double? ValidationAccuracy = null)
{
    /// <summary>The loss that a network reaches on this step's clips without looking at them; a run learns once its loss is well below.</summary>
    /// <value>
    /// Finetuning: the entropy of the classes as they are shared out, ln(classes) where each has as many clips. Pretraining: the variance of what is to be reconstructed, about 1 for
    /// normalised targets. NaN where it is not known.
    /// </value>
    public double BaselineLoss { get; init; } = double.NaN;

    /// <summary>Says that the run learns nothing, since when, and what to change; null as long as nothing is known to be wrong.</summary>
    /// <value>
    /// Set once the warm-up and a fifth of all steps (at least 50, at most 2,000) are over and the loss has stayed at <see cref="BaselineLoss"/> for these last steps; null again when it falls.
    /// docs/does-it-learn.md says more.
    /// </value>
    public string? Plateau { get; init; }
}
