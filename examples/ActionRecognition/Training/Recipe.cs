using ActionRecognition.CommandLine;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace ActionRecognition.Training;

/// <summary>The library's recipes for so many clips, and what the command line changes in them.</summary>
internal static class Recipe
{
    public static MotionDetectionOptions Detection(Settings settings)
    {
        var options = MotionDetectionOptions.BoxPaths;
        options.CacheFolder = Path.Combine(settings.Out, "motion");
        options.OnBadVideo = Handling(settings);
        return options;
    }

    /// <summary>Pretraining has a worker on every core; the finetunings run two at a time, each on one core, because workers that share cores with loaders wait for each other.</summary>
    private const int FinetuningThreads = 1;

    /// <summary>Clips that pretraining sees in this example: fewer than the recipe's, so that the whole run stays below ten minutes on two cores.</summary>
    private const int PretrainingClips = 56_700;

    /// <summary>Clips that the training on all labels sees, for the same reason.</summary>
    private const int AllLabelClips = 31_050;

    /// <summary>Clips that each training on few labels sees.</summary>
    private const int FewLabelClips = 15_000;

    /// <summary>
    /// Clips of a step of these trainings, at the recipe's rate: four times as many steps as the recipe's batches make of so few clips. With the recipe's 36,000 clips the batch makes no difference
    /// (docs/recipes.md).
    /// </summary>
    private const int FewLabelBatch = 4;

    public static MofoPretrainingOptions Pretraining(Settings settings, int clips, IProgress<TrainingProgress> progress)
    {
        var options = MofoPretrainingOptions.For(clips, VitConfig.Micro);
        options.Epochs = settings.PretrainEpochs ?? Math.Clamp(PretrainingClips / clips, 1, options.Epochs);
        options.WarmupEpochs = options.Epochs * 0.1;
        options.OnBadVideo = Handling(settings);
        options.Progress = progress;
        return options;
    }

    public static MofoFinetuningOptions Finetuning(Settings settings, int clips, bool pretrained, IProgress<TrainingProgress> progress)
    {
        var options = MofoFinetuningOptions.For(clips, pretrained, VitConfig.Micro);
        options.Epochs = settings.FinetuneEpochs ?? Math.Clamp(AllLabelClips / clips, 1, options.Epochs);
        options.WarmupEpochs = options.Epochs * 0.05;
        // The comparison is with what this run has pretrained itself.
        options.UseBuiltInWeights = false;
        options.ComputeThreads = FinetuningThreads;
        options.OnBadVideo = Handling(settings);
        options.Progress = progress;
        return options;
    }

    /// <summary>
    /// The same for the comparison on few labels, with the plain head: it must find the motion itself, which is what pretraining helps with. The head that is shown the motion boxes does about as well from
    /// nothing (docs/recipes.md).
    /// </summary>
    public static MofoFinetuningOptions FewLabels(Settings settings, int clips, bool pretrained, IProgress<TrainingProgress> progress)
    {
        var options = Finetuning(settings, clips, pretrained, progress);
        options.Fusion = MotionFusion.None;
        // The peak in force stays; the rate at the end is a quarter of the recipe's, as measured.
        options.BaseLearningRate *= Math.Sqrt(options.BatchSize / (double)FewLabelBatch);
        options.MinLearningRate *= Math.Sqrt(FewLabelBatch / (double)options.BatchSize);
        options.BatchSize = FewLabelBatch;
        options.Epochs = settings.FinetuneEpochs ?? Math.Clamp(FewLabelClips / clips, 1, options.Epochs);
        options.WarmupEpochs = options.Epochs * 0.05;
        return options;
    }

    private static BadVideoHandling Handling(Settings settings) => settings.Strict ? BadVideoHandling.Throw : BadVideoHandling.Skip;
}
