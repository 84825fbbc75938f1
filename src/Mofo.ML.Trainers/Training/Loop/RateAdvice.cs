using System.Globalization;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>Says that an effective learning rate is too low to leave the plateau, and what raises it.</summary>
internal static class RateAdvice
{
    /// <summary>Below this the runs of docs/does-it-learn.md stayed on the plateau, from random weights.</summary>
    public const double LowestRate = 5e-5;

    /// <summary>A sentence on the rate; null where it is high enough.</summary>
    public static string? For(MofoTrainingOptions options, TrainingPlan plan) => plan.PeakLearningRate >= LowestRate ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"The effective learning rate is {plan.PeakLearningRate:0.0e+0}: {nameof(options.BaseLearningRate)} {options.BaseLearningRate:0.0e+0} for 256 videos, {plan.VideosPerStep} videos a step, {options.LearningRateScaling} scaling. Below {LowestRate:0e+0} training often stays where it starts. {Raise(options)}");

    /// <summary>How to raise the rate of these options.</summary>
    public static string Raise(MofoTrainingOptions options) =>
        (options.LearningRateScaling == LearningRateScaling.Linear ? $"Set {nameof(options.LearningRateScaling)} to {LearningRateScaling.SquareRoot}, raise" : "Raise")
        + $" {nameof(options.BaseLearningRate)} (small networks learn at an effective rate of 5e-4 to 1e-3), or make larger steps ({nameof(options.BatchSize)}, {nameof(options.AccumulationSteps)}).";
}
