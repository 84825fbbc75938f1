using Mofo.ML.Research;

namespace Mofo.ML.Trainers;

/// <summary>Recipes: new options that fit how much there is to learn from. What they reach: docs/recipes.md.</summary>
public sealed partial class MofoPretrainingOptions
{
    /// <summary>Clips that a small network sees in pretraining, repeats included: enough to leave the plateau of predicting nothing and to pay in finetuning.</summary>
    private const int ClipsToSee = 60_000;

    /// <summary>Clips of a step of a small network.</summary>
    private const int Batch = 32;

    /// <summary>1e-3 in force in steps of <see cref="Batch"/> clips: 1e-3 x sqrt(256 / 32).</summary>
    private const double Rate = 0.00282842712474619;

    /// <summary>Options for a number of unlabelled clips: a network and a recipe that learn from them.</summary>
    /// <param name="clips">Training clips; at least 1. An estimate does.</param>
    /// <param name="model">The network; null for <see cref="VitConfig.SuitedTo(int)"/>.</param>
    /// <returns>Options to use as they are or to change.</returns>
    /// <remarks>
    /// For networks narrower than 384 the values are ours, measured in docs/recipes.md: half of the tubes hidden where the grid is small, an effective rate of 1e-3 at batch 32,
    /// the start of <see cref="WeightStart.Mimetic"/>. For wider ones they are the published defaults.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clips"/> is below 1.</exception>
    public static MofoPretrainingOptions For(int clips, VitConfig? model = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        var network = model ?? VitConfig.SuitedTo(clips);
        if (!network.IsNarrow)
        {
            return new() { Model = network };
        }

        // What does not fill a batch is left out of an epoch: of 54 clips one batch of 32 is seen.
        var seen = clips - (clips > Batch ? clips % Batch : 0);
        var epochs = Math.Clamp(ClipsToSee / seen, 20, 2000);
        return new()
        {
            Model = network,
            Epochs = epochs,
            WarmupEpochs = epochs * 0.1,
            BatchSize = Batch,
            // By the square root, so that another batch size does not lead back to the plateau.
            LearningRateScaling = LearningRateScaling.SquareRoot,
            BaseLearningRate = Rate,
            MinLearningRate = Rate / 80,
            GradientClip = 1,
            WeightStart = WeightStart.Mimetic,
            // Nine tenths of a 14 x 14 grid leave 20 tubes to infer the rest from; of a 6 x 6 grid they would leave four.
            MaskRatio = SuitedMaskRatio(network),
            // About the paper's share of the hidden tubes that lies inside the box: 0.75 of 0.9.
            MotionMaskRatio = 0.8 * SuitedMaskRatio(network),
            // Changes are of one scale already; to normalise each token's would amplify the noise of constant tokens.
            NormalizeTargets = network.Input == ClipInput.Pixels,
            FrameStride = 3,
            ClipMemory = 2000,
            Workers = 0,
        };
    }
}
