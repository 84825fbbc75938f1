using Mofo.ML.Research;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Losses;

/// <summary>What a network has to predict of hidden tokens, given what it sees of a clip; and predictions back to pixels.</summary>
/// <remarks>A token has V values: its P pixels first, then, where they are predicted too, its P differences.</remarks>
/// <param name="config">Sizes of tubelet and patch.</param>
/// <param name="normalised">Whether pixels are normalised per token and channel.</param>
/// <param name="target">Whether differences are predicted too.</param>
internal sealed class ReconstructionTargets(VitConfig config, bool normalised, ReconstructionTarget target = ReconstructionTarget.Pixels)
{
    /// <summary>Clips and hidden tokens [B,M] -> [B,M,V].</summary>
    public Tensor Of(SeenClips clips, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var pixels = normalised
            ? PatchTargets.Normalised(clips.Values, tokens, config, clips.Scale)
            : PatchTargets.Raw(clips.Values, tokens, config, clips.Scale);
        var all = target == ReconstructionTarget.Pixels ? pixels : cat([pixels, FrameDifferences.Of(clips.Values, tokens, config)], 2);
        return all.MoveToOuterDisposeScope();
    }

    /// <summary>Predictions [B,M,V] as pixels in [0,1], [B,M,P]. What the targets leave out is taken from the clip, as the original's pictures do.</summary>
    /// <remarks>That is mean and deviation of each token and channel where targets are normalised, and for changes the mean and strength of the clip.</remarks>
    public Tensor ToPixels(Tensor predictions, SeenClips clips, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var values = predictions.narrow(2, 0, config.PixelsPerToken).unflatten(2, -1, 3); // [B,M,P/3,3]
        if (normalised)
        {
            var raw = PatchTargets.Raw(clips.Values, tokens, config, clips.Scale).unflatten(2, -1, 3);
            values = (values * raw.std(2, unbiased: true, keepdim: true)).Plus(raw.mean([2], keepdim: true));
        }

        return clips.ToPixels(values, tokens, config).flatten(2).MoveToOuterDisposeScope();
    }
}
