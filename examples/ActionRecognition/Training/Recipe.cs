using ActionRecognition.CommandLine;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace ActionRecognition.Training;

/// <summary>A network and two trainings small enough for a few minutes on two cores.</summary>
internal static class Recipe
{
    /// <summary>16 frames of 80 pixels in tubes of 2 x 16 x 16: 200 tokens, 2 million weights.</summary>
    public static VitConfig Network { get; } = new()
    {
        ImageSize = 80,
        PatchSize = 16,
        TubeletSize = 2,
        Frames = 16,
        EmbedDim = 192,
        Depth = 4,
        Heads = 3,
        DecoderDim = 96,
        DecoderDepth = 2,
        DecoderHeads = 3,
    };

    /// <summary>Flow at half the paper's height of 240 pixels: four times as fast, and as good for boxes.</summary>
    public static MotionDetectionOptions Detection(Settings settings) => new()
    {
        FlowShortSide = 120,
        CacheFolder = Path.Combine(settings.Out, "motion"),
        OnBadVideo = Handling(settings),
    };

    public static MofoPretrainingOptions Pretraining(Settings settings, IProgress<TrainingProgress> progress) => new()
    {
        Model = Network,
        Epochs = settings.PretrainEpochs ?? 10,
        BatchSize = 16,
        BaseLearningRate = 1.5e-2,
        OnBadVideo = Handling(settings),
        Progress = progress,
    };

    public static MofoFinetuningOptions Finetuning(Settings settings, IProgress<TrainingProgress> progress) => new()
    {
        Model = Network,
        Epochs = settings.FinetuneEpochs ?? 25,
        BatchSize = 16,
        BaseLearningRate = 1.5e-2,
        LayerDecay = 1,
        TestSegments = 1,
        TestCrops = 1,
        OnBadVideo = Handling(settings),
        Progress = progress,
    };

    private static BadVideoHandling Handling(Settings settings) => settings.Strict ? BadVideoHandling.Throw : BadVideoHandling.Skip;
}
