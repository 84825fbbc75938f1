using Mofo.ML.Trainers.Training.Loop;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>What to change in a pretraining that does not learn.</summary>
internal sealed class PretrainingAdvice(MofoPretrainingOptions options, TrainingPlan plan, int clips)
{
    /// <summary>An effective rate at which small networks leave the plateau.</summary>
    private const double HighRate = 5e-4;

    /// <summary>Visible tubes that a network needs to infer the rest from; the paper's 14 x 14 grid leaves 20.</summary>
    private const int FewestVisible = 12;

    /// <summary>Clips that a run plans where the plateau is no reason to plan more: about twice the longest plateau.</summary>
    private const long Enough = 40_000;

    /// <summary>What to change where the loss stays at its baseline.</summary>
    public string OnPlateau() => string.Join(" ", Changes());

    private IEnumerable<string> Changes()
    {
        if (plan.PeakLearningRate < HighRate)
        {
            yield return RateAdvice.Raise(options);
        }

        var cells = options.Model.Grid.Cells;
        var visible = cells - (int)(cells * options.MaskRatio);
        if (visible < FewestVisible)
        {
            yield return Invariant($"Of {cells} tubes only {visible} are visible: lower {nameof(options.MaskRatio)} (0.5 for a grid of 6 x 6).");
        }

        var planned = (long)plan.Steps * plan.ClipsPerStep;
        yield return Invariant($"The plateau of predicting nothing lasts some 10,000 to 20,000 clips even where all is well, and {planned} are planned: ")
            + (planned < Enough ? Invariant($"raise {nameof(options.Epochs)}, or use MofoPretrainingOptions.For({clips}).") : "wait that long before you change anything.");
    }
}
