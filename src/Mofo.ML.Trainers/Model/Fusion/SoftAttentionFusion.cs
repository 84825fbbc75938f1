using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>Sum of an attention pooling inside the motion box and one outside.</summary>
/// <remarks>
/// Scores tanh(x w + b), softmax over the region, weighted sum of its tokens. The released code sums the tokens with weights that cancel, so that it
/// always gives the plain means and its scores never learn (docs/model-quirks.md); with score weights of 0, where ours start, both are the same.
/// </remarks>
#pragma warning disable CA1001 // The classifier registers the parts and disposes them.
internal sealed class SoftAttentionFusion : IRegionFusion
#pragma warning restore CA1001
{
    private readonly SoftAttentionPool _local;
    private readonly SoftAttentionPool _global;

    /// <summary>Builds both poolings.</summary>
    /// <param name="width">Width of a token.</param>
    /// <param name="asReleased">True for the released code's arithmetic (plain means), to compare with it or to serve weights trained by it.</param>
    public SoftAttentionFusion(int width, bool asReleased)
    {
        _local = new SoftAttentionPool(width, asReleased);
        _global = new SoftAttentionPool(width, asReleased);
    }

    public IEnumerable<(string Name, nn.Module Part)> Parts => [("soft_att_local", _local), ("soft_att_global", _global)];

    public Tensor Weights(Tensor tokens, Tensor inside)
    {
        using var scope = NewDisposeScope();
        var weights = _local.Weights(tokens, inside).Plus(_global.Weights(tokens, inside.logical_not()));
        return TokenMeans.NormalisedOrEqual(weights, inside).MoveToOuterDisposeScope();
    }

    public Tensor Fuse(Tensor tokens, RegionMask region)
    {
        using var scope = NewDisposeScope();
        var inside = region.Inside;
        var fused = _local.call(tokens, inside).Plus(_global.call(tokens, inside.logical_not()));
        return TokenMeans.OrMeanOfAll(fused, tokens, inside).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention pooling over a part of the tokens. [B,N,C], [B,N] bool -> [B,C]; zeros where no token takes part.</summary>
internal sealed class SoftAttentionPool : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "b")]
    private readonly Parameter _bias;

    private readonly bool _asReleased;

    public SoftAttentionPool(int width, bool asReleased)
        : base(nameof(SoftAttentionPool))
    {
        _asReleased = asReleased;
        _weight = new Parameter(zeros(width, 1));
        _bias = new Parameter(zeros(1));
        _ = _weight.DetachFromDisposeScope();
        _ = _bias.DetachFromDisposeScope();
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens, Tensor part)
    {
        using var scope = NewDisposeScope();
        return TokenMeans.WeightedSum(tokens, Weights(tokens, part)).MoveToOuterDisposeScope();
    }

    /// <summary>Weights of the tokens that take part, adding up to 1; all 0 where none does. [B,N,C], [B,N] bool -> [B,N].</summary>
    public Tensor Weights(Tensor tokens, Tensor part)
    {
        if (_asReleased)
        {
            return TokenMeans.Shares(part);
        }

        using var scope = NewDisposeScope();
        var scores = matmul(tokens, _weight).Plus(_bias).tanh().squeeze(2); // [B,N]

        // Scores lie in [-1, 1], so exp cannot overflow; a part without tokens sums to 0 and is divided by 1.
        var raised = scores.exp() * part.to(tokens.dtype);
        return (raised / raised.sum(1, keepdim: true).clamp_min(KeptScalar.Of(1e-6))).MoveToOuterDisposeScope();
    }
}
