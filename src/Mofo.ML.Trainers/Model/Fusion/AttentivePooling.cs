using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>One learned query attends to all tokens through one block of cross-attention; the motion box plays no part.</summary>
/// <remarks>As the attentive probe of V-JEPA (Bardes et al. 2024, arXiv 2404.08471), with the block of <see cref="CrossAttentionFusion"/>.</remarks>
#pragma warning disable CA1001 // The classifier registers the part and disposes it.
internal sealed class AttentivePooling(BlockShape shape) : ITokenPooling
#pragma warning restore CA1001
{
    /// <summary>Name of the part: <c>attentive_pool.query</c> and <c>attentive_pool.block.*</c>.</summary>
    public const string Name = "attentive_pool";

    private readonly LearnedQuery _pool = new(shape);

    public IEnumerable<(string Name, nn.Module Part)> Parts => [(Name, _pool)];

    public Tensor Pool(Tensor tokens, RegionMask? inside) => _pool.call(tokens);

    public Tensor Weights(Tensor tokens, Tensor inside) => _pool.Weights(tokens);

    public void Draw(Generator generator) => _pool.Draw(generator);
}

/// <summary>A learned query and the block through which it asks. [B,N,C] -> [B,C].</summary>
internal sealed class LearnedQuery : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "query")]
    private readonly Parameter _query;

    [ComponentName(Name = "block")]
    private readonly CrossBlock _block;

    public LearnedQuery(BlockShape shape)
        : base(nameof(LearnedQuery))
    {
        _query = new Parameter(zeros(1, 1, shape.Width));
        _ = _query.DetachFromDisposeScope();
        _block = new CrossBlock(shape);
        RegisterComponents();
    }

    /// <summary>Draws the query: normal with deviation 0.02, as the original draws its learned tokens.</summary>
    public void Draw(Generator generator) => WeightInit.TruncatedNormal(_query, cutAt: 100, generator);

    /// <summary>What the query attends to, mean over the heads: [B,N,C] -> [B,N].</summary>
    public Tensor Weights(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return _block.Weights(Queries(tokens), tokens, null).mean([1]).squeeze(1).MoveToOuterDisposeScope(); // [B,heads,1,N]
    }

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return _block.call(Queries(tokens), tokens, null).squeeze(1).MoveToOuterDisposeScope(); // [B,1,C]
    }

    private Tensor Queries(Tensor tokens) => _query.expand(tokens.shape[0], -1, -1);
}
