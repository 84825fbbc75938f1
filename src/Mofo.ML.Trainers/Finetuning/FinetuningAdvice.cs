using Mofo.ML.Trainers.Training.Loop;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>What to change in a finetuning that does not learn, or that is known in advance not to.</summary>
internal sealed class FinetuningAdvice(MofoFinetuningOptions options, TrainingPlan plan, int clips, bool fromRandomWeights)
{
    /// <summary>Labelled clips below which the published recipe does not learn from random weights. Ours: with 54 and 1,350 clips it stayed at chance (docs/does-it-learn.md).</summary>
    public const int FewClips = 2000;

    /// <summary>An effective rate from which small networks learn although clips are mixed.</summary>
    private const double HighRate = 2e-4;

    private bool Mixes => MixesClips(options);

    /// <summary>A remark on a training from random weights before its data is read, where the number of clips is not known; null where nothing is known to be wrong.</summary>
    /// <param name="options">Of the training.</param>
    /// <param name="rows">Rows of the data, where they can be counted without work: clips are no more.</param>
    public static string? BeforeData(MofoFinetuningOptions options, long? rows)
    {
        // Full steps have the highest rate; a small data set makes smaller ones.
        var highest = options.Scaled(options.BaseLearningRate, options.BatchSize * options.AccumulationSteps / options.ClipsPerVideo);
        return rows is null or < FewClips && Doubtful(options, highest) is { } what
            ? Invariant($"With fewer than {FewClips} labelled clips and {what} expect it to stay at chance. {WhatLearnsFrom("clips")} See docs/does-it-learn.md.")
            : null;
    }

    /// <summary>A warning before the first step; null where nothing is known to be wrong.</summary>
    public string? BeforeStart() => fromRandomWeights && clips < FewClips && Doubtful(options, plan.PeakLearningRate) is { } what
        ? Invariant($"Finetuning starts from random weights with {clips} clips, fewer than {FewClips}, and {what}: expect it to stay at chance. {WhatLearns} See docs/does-it-learn.md.")
        : null;

    /// <summary>What to change where the loss stays at its baseline.</summary>
    public string OnPlateau() => string.Join(" ", Changes());

    private string WhatLearns => WhatLearnsFrom(Invariant($"{clips}"));

    private static string WhatLearnsFrom(string number) =>
        $"Use MofoFinetuningOptions.For({number}), which chooses network and recipe for that number of clips, or start from weights ({nameof(options.InitialWeights)}, or PretrainMofo before this stage).";

    private static bool MixesClips(MofoFinetuningOptions options) => options is { MixProbability: >= 0.5 } and ({ MixupAlpha: > 0 } or { CutmixAlpha: > 0 });

    /// <summary>
    /// What keeps few clips from being learned without weights: the published recipe, which has in common that clips are mixed and that the rate is meant for weights that know something, or a wide
    /// network. Null where there is nothing.
    /// </summary>
    private static string? Doubtful(MofoFinetuningOptions options, double peakLearningRate) =>
        MixesClips(options) && peakLearningRate < HighRate ? "the published recipe (clips are mixed, a low learning rate)"
        : options.Model.IsNarrow ? null
        : Invariant($"a network of width {options.Model.EmbedDim}");

    private IEnumerable<string> Changes()
    {
        if (plan.PeakLearningRate < HighRate)
        {
            yield return RateAdvice.Raise(options);
        }

        if (fromRandomWeights)
        {
            yield return WhatLearns;
        }

        if (Mixes || options.RandAugment is not null)
        {
            yield return $"Fewer changes to the clips help small sets: {nameof(options.MixupAlpha)} and {nameof(options.CutmixAlpha)} 0, {nameof(options.RandAugment)} null, {nameof(options.MinCropArea)} 0.7.";
        }

        yield return Invariant($"Or train for longer ({nameof(options.Epochs)}): {plan.Steps} steps are planned.");
    }
}
