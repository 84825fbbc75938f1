using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace LinearProbe;

/// <summary>A small network and a pretraining of minutes on two cores.</summary>
internal static class Recipe
{
    /// <param name="trained">False leaves the weights as they were drawn: the baseline.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="seed">Of weights, masks, order and crops.</param>
    /// <param name="progress">Told about every step.</param>
    public static MofoPretrainingOptions Pretraining(bool trained, int epochs, int seed, IProgress<TrainingProgress> progress) => new()
    {
        Model = VitConfig.Micro,
        Epochs = trained ? epochs : 1,
        BatchSize = 16,
        // At 1e-12 no weight moves by more than a rounding error.
        BaseLearningRate = trained ? 8e-3 : 1e-12,
        MinLearningRate = trained ? 1e-4 : 0,
        // Nine tenths of this 6 x 6 grid would leave four tubes to infer the rest from.
        MaskRatio = 0.5,
        MotionMaskRatio = 0.4,
        NormalizeTargets = false,
        GradientClip = 1,
        FrameStride = 3,
        Seed = seed,
        ClipMemory = 1500,
        OnBadVideo = BadVideoHandling.Skip,
        Progress = progress,
    };
}
