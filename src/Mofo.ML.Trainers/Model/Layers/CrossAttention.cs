using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Multi-head attention of query tokens to context tokens. [B,Nq,C], [B,Nk,C], mask [B,1,1,Nk] (null for all) -> [B,Nq,C].</summary>
internal sealed class CrossAttention : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "q_bias")]
    private readonly Parameter _queryBias;

    [ComponentName(Name = "v_bias")]
    private readonly Parameter _valueBias;

    [ComponentName(Name = "q")]
    private readonly MixedLinear _query;

    [ComponentName(Name = "kv")]
    private readonly MixedLinear _keyValue;

    [ComponentName(Name = "proj")]
    private readonly MixedLinear _projection;

    private readonly int _heads;

    public CrossAttention(int width, int heads)
        : base(nameof(CrossAttention))
    {
        _heads = heads;
        _queryBias = new Parameter(zeros(width));
        _valueBias = new Parameter(zeros(width));
        _ = _queryBias.DetachFromDisposeScope();
        _ = _valueBias.DetachFromDisposeScope();
        _query = new MixedLinear(width, width, bias: false);
        _keyValue = new MixedLinear(width, 2 * width, bias: false);
        _projection = new MixedLinear(width, width);
        RegisterComponents();
    }

    /// <summary>The attention itself, [B,heads,Nq,Nk] float32.</summary>
    public Tensor Weights(Tensor queries, Tensor context, Tensor? contextMask)
    {
        using var scope = NewDisposeScope();
        var keys = _keyValue.Apply(context, cat([zeros_like(_valueBias), _valueBias])).chunk(2, -1)[0];
        return ScaledDotProduct.Weights(_query.Apply(queries, _queryBias), keys, _heads, contextMask).MoveToOuterDisposeScope();
    }

    public override Tensor forward(Tensor queries, Tensor context, Tensor? contextMask)
    {
        using var scope = NewDisposeScope();
        var q = _query.Apply(queries, _queryBias);
        var kv = _keyValue.Apply(context, cat([zeros_like(_valueBias), _valueBias])).chunk(2, -1);
        return _projection.call(ScaledDotProduct.Attend(q, kv[0], kv[1], _heads, contextMask)).MoveToOuterDisposeScope();
    }
}
