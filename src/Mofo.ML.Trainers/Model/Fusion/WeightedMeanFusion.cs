using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>(mean inside + mean outside / 2) / 2, as the original; the norm that follows hides that the weights add up to 0.75.</summary>
internal sealed class WeightedMeanFusion : IRegionFusion
{
    public IEnumerable<(string Name, nn.Module Part)> Parts => [];

    public Tensor Weights(Tensor tokens, Tensor inside)
    {
        using var scope = NewDisposeScope();
        var weights = TokenMeans.Shares(inside).add(TokenMeans.Shares(inside.logical_not()), KeptScalar.Of(0.5));
        return TokenMeans.NormalisedOrEqual(weights, inside).MoveToOuterDisposeScope();
    }

    public Tensor Fuse(Tensor tokens, RegionMask region)
    {
        using var scope = NewDisposeScope();
        var inside = region.Inside;
        var outside = inside.logical_not();
        var meanInside = TokenMeans.Over(tokens, inside);
        var mixed = meanInside.add(TokenMeans.Over(tokens, outside), KeptScalar.Of(0.5)).mul(KeptScalar.Of(0.5));

        // Nothing outside: the original divides by zero; the mean inside is the mean of all.
        var fused = where(outside.any(1, keepdim: true), mixed, meanInside);
        return TokenMeans.OrMeanOfAll(fused, tokens, inside).MoveToOuterDisposeScope();
    }
}
