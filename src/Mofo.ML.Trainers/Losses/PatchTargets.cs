using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Losses;

/// <summary>What the decoder has to predict: the pixels of the hidden tokens, by default normalised per token and channel.</summary>
/// <remarks>Value order in a token: ((frame * patch + y) * patch + x) * 3 + channel.</remarks>
internal static class PatchTargets
{
    /// <summary>Added to the standard deviation (not to the variance).</summary>
    public const double Epsilon = 1e-6;

    /// <summary>Pixels in [0,1] of the given tokens. [B,3,T,H,W], [B,M] -> [B,M,P].</summary>
    /// <param name="pixels">[B,3,T,H,W], normalised with <paramref name="mean"/> and <paramref name="deviation"/>.</param>
    /// <param name="tokens">[B,M] int64.</param>
    /// <param name="config">Sizes of tubelet and patch.</param>
    /// <param name="mean">Mean per channel that was subtracted.</param>
    /// <param name="deviation">Deviation per channel that was divided by.</param>
    public static Tensor Raw(Tensor pixels, Tensor tokens, VitConfig config, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        using var scope = NewDisposeScope();
        return PerChannel(pixels, tokens, config, mean, deviation).flatten(2).MoveToOuterDisposeScope();
    }

    /// <summary>The same, minus the mean and over the deviation of each token's channel. [B,3,T,H,W], [B,M] -> [B,M,P].</summary>
    /// <remarks>
    /// (x - mean) / (sqrt(unbiased variance) + 1e-6), as in MAE. Where a patch is flat the original divides rounding noise by 1e-6; here the target
    /// of a flat patch, whose deviation is at most <paramref name="flat"/>, is 0, its exact value.
    /// </remarks>
    public static Tensor Normalised(
        Tensor pixels, Tensor tokens, VitConfig config, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, double flat = Epsilon)
    {
        using var scope = NewDisposeScope();
        var values = PerChannel(pixels, tokens, config, mean, deviation); // [B,M,P/3,3]
        var centred = values - values.mean([2], keepdim: true);
        var spread = (centred * centred).sum(2, keepdim: true).div_(KeptScalar.Of(values.shape[2] - 1)).sqrt_(); // [B,M,1,3]
        // The smallest step of an 8-bit picture in one pixel of a token gives 1e-4; rounding noise of a flat one gives 1e-7.
        var scale = spread.add(KeptScalar.Of(Epsilon), KeptScalar.One).reciprocal_().mul_(spread.gt(KeptScalar.Of(flat)));
        return centred.mul_(scale).flatten(2).MoveToOuterDisposeScope();
    }

    private static Tensor PerChannel(Tensor pixels, Tensor tokens, VitConfig config, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var cut = Tubelets.Cut(pixels, config, tokens, TubeletOrder.ChannelLast).unflatten(2, -1, 3); // [B,M,P/3,3]
        return (cut * tensor(deviation.ToArray(), device: pixels.device)).add_(tensor(mean.ToArray(), device: pixels.device), KeptScalar.One).MoveToOuterDisposeScope();
    }
}
