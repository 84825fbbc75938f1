using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Losses;

/// <summary>What a network has to predict of hidden tokens, given what it sees of a clip; and predictions back to pixels.</summary>
/// <param name="config">Sizes of tubelet and patch, and what is seen.</param>
/// <param name="normalised">Whether targets are normalised per token and channel.</param>
internal sealed class ReconstructionTargets(VitConfig config, bool normalised)
{
    private static readonly float[] Zero = [0, 0, 0];
    private static readonly float[] One = [1, 1, 1];

    /// <summary>Normalised pixels [B,3,T,H,W] and hidden tokens [B,M] -> [B,M,P].</summary>
    public Tensor Of(Tensor pixels, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var targets = config.Input == ClipInput.Changes ? OfChanges(ClipChanges.Of(pixels), tokens) : OfPixels(pixels, tokens);
        return targets.MoveToOuterDisposeScope();
    }

    /// <summary>Predictions [B,M,P] as pixels in [0,1], [B,M,P]. What the targets leave out is taken from the clip, as the original's pictures do.</summary>
    /// <remarks>That is mean and deviation of each token and channel where targets are normalised, and for changes the mean and strength of the clip.</remarks>
    public Tensor ToPixels(Tensor predictions, Tensor pixels, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        if (config.Input == ClipInput.Pixels)
        {
            return Restored(predictions, () => Pixels(pixels, tokens)).MoveToOuterDisposeScope();
        }

        var parts = ClipChanges.In(pixels);
        var changes = Restored(predictions, () => PatchTargets.Raw(parts.Within(pixels), tokens, config, Zero, One)).unflatten(2, -1, 3);
        var still = Pixels(parts.Still.expand_as(pixels), tokens).unflatten(2, -1, 3); // [B,M,P/3,3]
        var perChange = parts.Strength.view(-1, 1, 1, 1) * tensor(ClipTensor.StandardDeviation, device: pixels.device);
        return still.Plus(changes * perChange).flatten(2).MoveToOuterDisposeScope();
    }

    private Tensor OfPixels(Tensor pixels, Tensor tokens) => normalised
        ? PatchTargets.Normalised(pixels, tokens, config, ClipTensor.Mean, ClipTensor.StandardDeviation)
        : Pixels(pixels, tokens);

    private Tensor OfChanges(Tensor changes, Tensor tokens) => normalised
        ? PatchTargets.Normalised(changes, tokens, config, Zero, One, flat: ClipChanges.Smallest)
        : PatchTargets.Raw(changes, tokens, config, Zero, One);

    private Tensor Pixels(Tensor pixels, Tensor tokens) => PatchTargets.Raw(pixels, tokens, config, ClipTensor.Mean, ClipTensor.StandardDeviation);

    private Tensor Restored(Tensor predictions, Func<Tensor> targets)
    {
        if (!normalised)
        {
            return predictions.alias(); // a handle of this scope, not the caller's
        }

        var raw = targets().unflatten(2, -1, 3); // [B,M,P/3,3]
        return (predictions.unflatten(2, -1, 3) * raw.std(2, unbiased: true, keepdim: true)).Plus(raw.mean([2], keepdim: true)).flatten(2);
    }
}
