using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace PaperInSmall;

/// <summary>One network and one training for all rows and sets: only what the paper compares is different.</summary>
internal static class Recipe
{
    /// <summary>Clips in an epoch of the budget.</summary>
    public const int ReferenceClips = 216;

    private const int ClipMemory = 1500;

    public static VitConfig Network { get; } = new()
    {
        ImageSize = 48,
        PatchSize = 8,
        TubeletSize = 2,
        Frames = 8,
        EmbedDim = 96,
        Depth = 4,
        Heads = 3,
        DecoderDim = 48,
        DecoderDepth = 2,
        DecoderHeads = 3,
    };

    public static MotionDetectionOptions Detection(Settings settings) => new()
    {
        BoxMode = BoxMode.PerFrame,
        Window = 4,
        FineSigma = 1,
        PeakCut = 0.4,
        AreaCut = 0.5,
        CacheFolder = Path.Combine(settings.Out, "motion"),
    };

    public static MofoPretrainingOptions Pretraining(Settings settings, Pretraining kind, int clips) => new()
    {
        Model = Network,
        // Nine tenths of this 6 x 6 grid would leave four tubes to infer the rest from; the paper's ratio of inside to whole is kept.
        MaskRatio = 0.5,
        MotionMaskRatio = kind == PaperInSmall.Pretraining.MotionTubes ? 0.4 : null,
        Epochs = EpochsFor(settings.PretrainEpochs, clips),
        BatchSize = 16,
        BaseLearningRate = 2e-3,
        ClipMemory = ClipMemory,
    };

    public static MofoFinetuningOptions Finetuning(Settings settings, PaperRow row, int clips) => new()
    {
        Model = Network,
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
