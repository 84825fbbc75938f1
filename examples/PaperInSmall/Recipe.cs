using ActionRecognition.Training;
using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>One network and one training for all rows and sets: only what the paper compares is different.</summary>
internal static class Recipe
{
    /// <summary>Clips in an epoch of the budget.</summary>
    public const int ReferenceClips = 216;

    private const int ClipMemory = 1500;

    public static MofoPretrainingOptions Pretraining(Settings settings, Pretraining kind, int clips) => new()
    {
        Model = SmallNetwork.Seeing(settings.Input),
        // Nine tenths of this 6 x 6 grid would leave four tubes to infer the rest from; the paper's ratio of inside to whole is kept.
        MaskRatio = 0.5,
        MotionMaskRatio = kind == PaperInSmall.Pretraining.MotionTubes ? 0.4 : null,
        Epochs = EpochsFor(settings.PretrainEpochs, clips),
        BatchSize = 16,
        BaseLearningRate = 8e-3,
        NormalizeTargets = SmallNetwork.NormalizesTargets(settings.Input),
        ClipMemory = ClipMemory,
    };

    public static MofoFinetuningOptions Finetuning(Settings settings, PaperRow row, int clips) => new()
    {
        Model = SmallNetwork.Seeing(settings.Input),
        Fusion = row.Fusion,
        Epochs = EpochsFor(settings.Epochs, clips),
        BatchSize = 16,
        ClipsPerVideo = 1,
        WarmupEpochs = 1,
        WeightStart = WeightStart.Xavier,
        BaseLearningRate = 5e-3,
        MinLearningRate = 1e-4,
        GradientClip = 1,
        LayerDecay = 1,
        DropPath = 0,
        MinCropArea = 0.7,
        RandAugment = null,
        RandomErasing = 0,
        MixupAlpha = 0,
        CutmixAlpha = 0,
        TestSegments = 2,
        TestCrops = 1,
        ClipMemory = ClipMemory,
    };

    /// <summary>As many clips in all as the epochs have over <see cref="ReferenceClips"/>, whatever the size of the set.</summary>
    private static int EpochsFor(int epochs, int clips) => Math.Max(1, (int)Math.Round(epochs * (double)ReferenceClips / clips));
}
