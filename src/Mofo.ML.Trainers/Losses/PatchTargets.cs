using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Losses;

/// <summary>What the decoder has to predict: the values of the hidden tokens, by default normalised per token and channel.</summary>
/// <remarks>Value order in a token: ((frame * patch + y) * patch + x) * 3 + channel.</remarks>
internal static class PatchTargets
{
    /// <summary>Added to the standard deviation (not to the variance), in the unit of raw targets.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>The given tokens in the unit of raw targets: pixels in [0,1], for one. [B,3,T,H,W], [B,M] -> [B,M,P].</summary>
    /// <param name="seen">[B,3,T,H,W], what the network sees.</param>
    /// <param name="tokens">[B,M] int64.</param>
    /// <param name="config">Sizes of tubelet and patch.</param>
    /// <param name="scale">Unit of raw targets.</param>
    public static Tensor Raw(Tensor seen, Tensor tokens, VitConfig config, TargetScale scale)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return scale.Raw(PerChannel(seen, tokens, config)).flatten(2).MoveToOuterDisposeScope();
    }

    /// <summary>The same, minus the mean and over the deviation of each token's channel. [B,3,T,H,W], [B,M] -> [B,M,P].</summary>
    /// <remarks>
    /// (x - mean) / (sqrt(unbiased variance) + 1e-6) for raw targets x, as in MAE. It is computed from the seen values, for which the 1e-6 is divided by the scale's deviation:
    /// the raw targets need not be made. Where a token is flat the original divides rounding noise by 1e-6; here the target
    /// of a token whose deviation is at most <see cref="TargetScale.Flat"/> is 0, its exact value.
    /// </remarks>
    public static Tensor Normalised(Tensor seen, Tensor tokens, VitConfig config, TargetScale scale)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var values = PerChannel(seen, tokens, config);
        var centred = values - values.mean([2], keepdim: true);
        var spread = (centred * centred).sum(2, keepdim: true).div_(KeptScalar.Of(values.shape[2] - 1)).sqrt_(); // [B,M,1,3]
        var inverse = spread.add(scale.Seen(Epsilon, seen.device), KeptScalar.One).reciprocal_().mul_(spread.gt(scale.Seen(scale.Flat, seen.device)));
        return centred.mul_(inverse).flatten(2).MoveToOuterDisposeScope();
    }

    /// <summary>[B,M,P/3,3].</summary>
    private static Tensor PerChannel(Tensor seen, Tensor tokens, VitConfig config) =>
        Tubelets.Cut(seen, config, tokens, TubeletOrder.ChannelLast).unflatten(2, -1, 3);
}
