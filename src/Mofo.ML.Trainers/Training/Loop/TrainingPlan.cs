using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>The arithmetic of a run: how many clips make a step, how many steps an epoch.</summary>
internal sealed record TrainingPlan
{
    /// <param name="videos">Videos in the data set.</param>
    /// <param name="options">Batch, accumulation, epochs.</param>
    /// <param name="usualWarmup">Warm-up epochs of the paper, used where the options name none.</param>
    /// <exception cref="MofoOptionsException">The epochs have more steps than can be counted.</exception>
    public TrainingPlan(int videos, MofoTrainingOptions options, double usualWarmup)
    {
        (Videos, ClipsPerVideo, Epochs) = (videos, options.ClipsPerVideo, options.Epochs);
        var clips = videos * ClipsPerVideo;
        Batch = Math.Min(options.BatchSize, clips);
        Accumulation = Math.Clamp(options.AccumulationSteps, 1, clips / Batch);
        // As the original: what does not fill a step is left out of the epoch; the order is new in every epoch.
        StepsPerEpoch = clips / ClipsPerStep;
        var mostEpochs = Array.MaxLength / StepsPerEpoch; // the rates of all steps lie in one array
        if (Epochs > mostEpochs)
        {
            throw new MofoOptionsException(
                options.GetType().Name, [Invariant($"{nameof(options.Epochs)} is {Epochs}; it must be in [1, {mostEpochs}] where an epoch has {StepsPerEpoch} steps.")]);
        }

        PeakLearningRate = options.Scaled(options.BaseLearningRate, VideosPerStep);
        WarmupSteps = Math.Min(Steps, (int)(options.WarmupInForce(usualWarmup) * StepsPerEpoch));
        LearningRate = Schedule.Cosine(PeakLearningRate, options.Scaled(options.MinLearningRate, VideosPerStep), Steps, WarmupSteps);
        WeightDecay = options.WeightDecayEnd is { } last ? Schedule.Cosine(options.WeightDecay, last, Steps) : null;
    }

    public int Videos { get; }

    /// <summary>Clips cut from a video each time it is decoded; they stay in one batch.</summary>
    public int ClipsPerVideo { get; }

    public int Batch { get; }

    public int Accumulation { get; }

    public int Epochs { get; }

    public int StepsPerEpoch { get; }

    /// <summary>The rate at the end of the warm-up.</summary>
    public double PeakLearningRate { get; }

    public int WarmupSteps { get; }

    public Schedule LearningRate { get; }

    /// <summary>Null where the decay stays as it is.</summary>
    public Schedule? WeightDecay { get; }

    public int ClipsPerStep => Batch * Accumulation;

    public int VideosPerStep => ClipsPerStep / ClipsPerVideo;

    public int VideosPerBatch => Batch / ClipsPerVideo;

    public int VideosPerEpoch => StepsPerEpoch * ClipsPerStep / ClipsPerVideo;

    public int Steps => StepsPerEpoch * Epochs;
}
