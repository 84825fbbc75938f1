using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>A pooling that needs to know which tokens lie inside the motion box.</summary>
internal interface IRegionFusion : ITokenPooling
{
    /// <summary>[B,N,C] float32, [B,N] bool -> [B,C]. All clips at once; a clip with nothing inside gives the mean of its tokens, never NaN.</summary>
    Tensor Fuse(Tensor tokens, RegionMask region);

    /// <inheritdoc/>
    Tensor ITokenPooling.Pool(Tensor tokens, RegionMask? inside) =>
        Fuse(tokens, inside ?? throw new ArgumentNullException(nameof(inside), "This fusion needs the tokens inside the motion boxes."));
}

/// <summary>Means over parts of the tokens.</summary>
internal static class TokenMeans
{
    /// <summary>Mean of the tokens that take part; zeros where none does. [B,N,C], [B,N] bool -> [B,C].</summary>
    public static Tensor Over(Tensor tokens, Tensor part)
    {
        using var scope = NewDisposeScope();
        var weights = part.to(tokens.dtype); // [B,N]
        weights /= weights.sum(1, keepdim: true).clamp_min(KeptScalar.Of(1L));
        return WeightedSum(tokens, weights).MoveToOuterDisposeScope();
    }

    /// <summary>1/n for the n tokens that take part, 0 for the others. [B,N] bool -> [B,N] float32.</summary>
    public static Tensor Shares(Tensor part)
    {
        using var scope = NewDisposeScope();
        var weights = part.to(ScalarType.Float32);
        return (weights / weights.sum(1, keepdim: true).clamp_min(KeptScalar.Of(1L))).MoveToOuterDisposeScope();
    }

    /// <summary>Weights that add up to 1 per clip; where nothing is inside (or all are 0), every token counts alike. [B,N], [B,N] bool -> [B,N].</summary>
    public static Tensor NormalisedOrEqual(Tensor weights, Tensor inside)
    {
        using var scope = NewDisposeScope();
        var sum = weights.sum(1, keepdim: true);
        var usable = inside.any(1, keepdim: true).logical_and(sum.greater(zeros_like(sum)));
        var normalised = weights / sum.clamp_min(KeptScalar.Of(1e-12));
        return where(usable, normalised, Shares(ones_like(inside))).MoveToOuterDisposeScope();
    }

    /// <summary>Sum of weight * token. [B,N,C], [B,N] -> [B,C].</summary>
    public static Tensor WeightedSum(Tensor tokens, Tensor weights)
    {
        using var scope = NewDisposeScope();
        return bmm(weights.unsqueeze(1), tokens).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of all tokens where nothing is inside, else the fused vector. [B,C], [B,N,C], [B,N] -> [B,C].</summary>
    public static Tensor OrMeanOfAll(Tensor fused, Tensor tokens, Tensor inside)
    {
        using var scope = NewDisposeScope();
        return where(inside.any(1, keepdim: true), fused, tokens.mean([1])).MoveToOuterDisposeScope();
    }
}
