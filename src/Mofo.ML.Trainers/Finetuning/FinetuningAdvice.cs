using Mofo.ML.Trainers.Training.Loop;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>What to change in a finetuning that does not learn, or that is known in advance not to.</summary>
internal sealed class FinetuningAdvice(MofoFinetuningOptions options, TrainingPlan plan, int clips, bool fromRandomWeights)
{
    /// <summary>Labelled clips below which the published recipe does not learn from random weights. Ours: with 54 and 1,350 clips it stayed at chance (docs/does-it-learn.md).</summary>
    public const int FewClips = 2000;

    /// <summary>An effective rate from which small networks learn although clips are mixed.</summary>
    private const double HighRate = 2e-4;

    private bool Mixes => options is { MixProbability: >= 0.5 } and ({ MixupAlpha: > 0 } or { CutmixAlpha: > 0 });

    /// <summary>What the published recipe has in common: clips are mixed, and the rate is meant for weights that know something.</summary>
    private bool IsPublishedRecipe => Mixes && plan.PeakLearningRate < HighRate;

    /// <summary>A warning before the first step; null where nothing is known to be wrong.</summary>
    public string? BeforeStart() => fromRandomWeights && clips < FewClips && (IsPublishedRecipe || !options.Model.IsNarrow)
        ? Invariant($"Finetuning starts from random weights with {clips} clips, fewer than {FewClips}, and {(IsPublishedRecipe ? "the published recipe (clips are mixed, a low learning rate)" : Invariant($"a network of width {options.Model.EmbedDim}"))}: ")
            + $"expect it to stay at chance. {WhatLearns} See docs/does-it-learn.md."
        : null;

    /// <summary>What to change where the loss stays at its baseline.</summary>
    public string OnPlateau() => string.Join(" ", Changes());

    private string WhatLearns =>
        Invariant($"Use MofoFinetuningOptions.For({clips}), which chooses network and recipe for that number of clips, or start from weights ({nameof(options.InitialWeights)}, or PretrainMofo before this stage).");

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
