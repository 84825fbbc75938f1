namespace Mofo.ML.Trainers;

/// <summary>Where a training run stands after a step.</summary>
/// <param name="Stage"><c>pretraining</c> or <c>finetuning</c>.</param>
/// <param name="Epoch">The epoch in hand, from 1.</param>
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
    double? ValidationAccuracy = null);
