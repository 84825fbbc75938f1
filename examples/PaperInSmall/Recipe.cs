using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>One network and the library's own recipes for all rows and sets: only what the paper compares is different.</summary>
internal static class Recipe
{
    private const int CheckpointMinutes = 3;

    /// <summary>All clips of the real sets as bytes on a card.</summary>
    private const int CardMegabytes = 16_000;

    /// <summary>The paper hides 0.75 of the box where it hides 0.9 of all; this is the other way round: half as much again in the box as everywhere.</summary>
    private const double MoreThanAverage = 1.5;
    private const double MostOfBox = 0.95;
    private const double Temperature = 0.5;

    public static MofoPretrainingOptions Pretraining(Settings settings, Pretraining kind, int clips)
    {
        var options = MofoPretrainingOptions.For(clips, settings.Model);
        switch (kind)
        {
            case PaperInSmall.Pretraining.RandomTubes:
                options.MotionMaskRatio = null;
                break;
            case PaperInSmall.Pretraining.MoreOfBox:
                options.MotionMaskRatio = Math.Min(MostOfBox, MoreThanAverage * options.MaskRatio);
                break;
            case PaperInSmall.Pretraining.SoftTubes:
                (options.MotionMaskRatio, options.MotionTemperature, options.MaskingMotion) = (null, Temperature, MaskingMotion.FrameDifferences);
                break;
        }

        options.Epochs = Scaled(options.Epochs, settings.PretrainingBudget);
        options.WarmupEpochs = options.Epochs * 0.1;
        Fit(options, settings, settings.PretrainingBatches);
        return options;
    }

    /// <summary>The same finetuning for every row: one that starts from nothing may start as well as it can, and the longer row sees as many clips more as pretraining saw.</summary>
    public static MofoFinetuningOptions Finetuning(Settings settings, PaperRow row, int clips, int pretrainingClips)
    {
        var options = MofoFinetuningOptions.For(clips, row.IsPretrainedHere, settings.Model);
        options.Fusion = row.Fusion;
        options.UseBuiltInWeights = row.Pretraining == PaperInSmall.Pretraining.BuiltIn;
        options.Epochs = Scaled(options.Epochs, settings.Budget);
        if (row.SeesPretrainingClips)
        {
            options.Epochs += Pretraining(settings, PaperInSmall.Pretraining.RandomTubes, pretrainingClips).Epochs * pretrainingClips / clips;
        }

        options.WarmupEpochs = options.Epochs * 0.05;
        options.RandAugment = null; // the host does it, and a GPU would wait for it
        Fit(options, settings, settings.Batches);
        return options;
    }

    /// <summary>What the machine asks for, and larger steps: the rate in force follows the square root of their size.</summary>
    private static void Fit(MofoTrainingOptions options, Settings settings, int batches)
    {
        (options.ComputeThreads, options.CheckpointMinutes) = (settings.Threads, CheckpointMinutes);
        options.BatchSize *= batches;
        if (settings.Gpu is not null)
        {
            options.ClipMemory = CardMegabytes;
        }
    }

    private static int Scaled(int epochs, double budget) => Math.Max(1, (int)Math.Round(epochs * budget));
}
