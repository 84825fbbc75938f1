using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>The twin of <see cref="TransformerBlock"/> whose queries attend to other tokens; one norm serves queries and context, as in the original.</summary>
/// <remarks>Queries [B,Nq,C], context [B,Nk,C], context mask [B,1,1,Nk] (null for all) -> [B,Nq,C].</remarks>
internal sealed class CrossBlock : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attn")]
    private readonly CrossAttention _attention;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _mlpNorm;

    [ComponentName(Name = "mlp")]
    private readonly Mlp _mlp;

    public CrossBlock(BlockShape shape)
        : base(nameof(CrossBlock))
    {
        _attentionNorm = nn.LayerNorm(shape.Width, BlockShape.NormEpsilon);
        _attention = new CrossAttention(shape.Width, shape.Heads);
        _mlpNorm = nn.LayerNorm(shape.Width, BlockShape.NormEpsilon);
        _mlp = new Mlp(shape.Width, shape.Hidden);
        RegisterComponents();
    }

    /// <summary>What each query attends to: [B,Nq,C], [B,Nk,C], mask [B,1,1,Nk] or null -> [B,heads,Nq,Nk] float32, rows adding up to 1.</summary>
    public Tensor Weights(Tensor queries, Tensor context, Tensor? contextMask) =>
        _attention.Weights(_attentionNorm.call(queries), _attentionNorm.call(context), contextMask);

    public override Tensor forward(Tensor queries, Tensor context, Tensor? contextMask)
    {
        using var scope = NewDisposeScope();
        var attended = queries.Plus(_attention.call(_attentionNorm.call(queries), _attentionNorm.call(context), contextMask));
        return attended.Plus(_mlp.call(_mlpNorm.call(attended))).MoveToOuterDisposeScope();
    }
}
