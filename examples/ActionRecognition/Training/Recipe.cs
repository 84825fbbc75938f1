using ActionRecognition.CommandLine;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace ActionRecognition.Training;

/// <summary>A network and two trainings small enough for a few minutes on two cores.</summary>
internal static class Recipe
{
    /// <summary>MiB of decoded frames that each training may keep: the clips of the example fit.</summary>
    private const int ClipMemory = 1500;

    /// <summary>Finetuning looks at about this many clips in all: few clips are seen more often.</summary>
    private const int ClipsToSee = 48_600;

    /// <summary>Below this many training clips the network sees changes in place of pixels.</summary>
    private const int Few = 500;

    /// <summary>The products of so small a network are too short to share: a second thread waits more than it works, and the clips want a core too.</summary>
    private const int ComputeThreads = 1;

    public static MotionDetectionOptions Detection(Settings settings)
    {
        var options = SmallNetwork.Detection(Path.Combine(settings.Out, "motion"));
        options.OnBadVideo = Handling(settings);
        return options;
    }

    public static MofoPretrainingOptions Pretraining(Settings settings, int clips, IProgress<TrainingProgress> progress) => new()
    {
        Model = SmallNetwork.Seeing(Input(clips)),
        Epochs = settings.PretrainEpochs ?? 8,
        BatchSize = 16,
        ComputeThreads = ComputeThreads,
        // Gently: so short a pretraining at a higher rate, or on plain pixels, left weights from which finetuning set out several epochs later.
        BaseLearningRate = 2e-3,
        NormalizeTargets = SmallNetwork.NormalizesTargets(Input(clips)),
        // Nine tenths of a 14 x 14 grid leave 20 tubes to infer the rest from; of this 6 x 6 grid they would leave four, and nothing is learnt.
        MaskRatio = 0.5,
        MotionMaskRatio = 0.4,
        FrameStride = 2,
        ClipMemory = ClipMemory,
        OnBadVideo = Handling(settings),
        Progress = progress,
    };

    public static MofoFinetuningOptions Finetuning(Settings settings, int clips, IProgress<TrainingProgress> progress) => new()
    {
        Model = SmallNetwork.Seeing(Input(clips)),
        Epochs = settings.FinetuneEpochs ?? Math.Clamp(ClipsToSee / clips, 36, 300),
        BatchSize = 16,
        ComputeThreads = ComputeThreads,
        BaseLearningRate = 5e-3,
        MinLearningRate = 1e-4,
        WarmupEpochs = 1,
        // So narrow a network would start several times too weak from the paper's normal of deviation 0.02.
        WeightStart = WeightStart.Xavier,
        GradientClip = 1,
        LayerDecay = 1,
        DropPath = 0,
        MinCropArea = 0.7,
        ClipsPerVideo = 1,
        RandAugment = null,
        RandomErasing = 0,
        MixupAlpha = 0,
        CutmixAlpha = 0,
        TestSegments = 2,
        TestCrops = 1,
        ClipMemory = ClipMemory,
        OnBadVideo = Handling(settings),
        Progress = progress,
    };

    private static ClipInput Input(int clips) => clips < Few ? ClipInput.Changes : ClipInput.Pixels;

    private static BadVideoHandling Handling(Settings settings) => settings.Strict ? BadVideoHandling.Throw : BadVideoHandling.Skip;
}
