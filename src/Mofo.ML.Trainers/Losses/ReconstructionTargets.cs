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
    /// <summary>Pixels come normalised by channel and are predicted in [0,1]; changes are predicted as they are.</summary>
    private readonly (float[] Mean, float[] Deviation, double Flat) _scale = config.Input == ClipInput.Changes
        ? ([0, 0, 0], [1, 1, 1], ClipChanges.Smallest)
        : (ClipTensor.Mean, ClipTensor.StandardDeviation, PatchTargets.Epsilon);

    /// <summary>Normalised pixels [B,3,T,H,W] and hidden tokens [B,M] -> [B,M,P].</summary>
    public Tensor Of(Tensor pixels, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var seen = ClipChanges.Seen(pixels, config.Input);
        var targets = normalised
            ? PatchTargets.Normalised(seen, tokens, config, _scale.Mean, _scale.Deviation, _scale.Flat)
            : Raw(seen, tokens);
        return targets.MoveToOuterDisposeScope();
    }

    /// <summary>Predictions [B,M,P] as pixels in [0,1], [B,M,P]. What the targets leave out is taken from the clip, as the original's pictures do.</summary>
    /// <remarks>That is mean and deviation of each token and channel where targets are normalised, and for changes the mean and strength of the clip.</remarks>
    public Tensor ToPixels(Tensor predictions, Tensor pixels, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var values = predictions.unflatten(2, -1, 3); // [B,M,P/3,3]
        if (normalised)
        {
            var raw = Raw(ClipChanges.Seen(pixels, config.Input), tokens).unflatten(2, -1, 3);
            values = (values * raw.std(2, unbiased: true, keepdim: true)).Plus(raw.mean([2], keepdim: true));
        }

        if (config.Input == ClipInput.Changes)
        {
            var parts = ClipChanges.In(pixels);
            var still = PatchTargets.Raw(parts.Still.expand_as(pixels), tokens, config, ClipTensor.Mean, ClipTensor.StandardDeviation).unflatten(2, -1, 3);
            values = still.Plus(values * parts.Strength.view(-1, 1, 1, 1) * tensor(ClipTensor.StandardDeviation, device: pixels.device));
        }

        return values.flatten(2).MoveToOuterDisposeScope();
    }

    private Tensor Raw(Tensor seen, Tensor tokens) => PatchTargets.Raw(seen, tokens, config, _scale.Mean, _scale.Deviation);
}
