using Mofo.ML.Research;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Multi-head self-attention with biases for queries and values but none for keys. [B,N,C] -> [B,N,C].</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "q_bias")]
    private readonly Parameter _queryBias;

    [ComponentName(Name = "v_bias")]
    private readonly Parameter _valueBias;

    [ComponentName(Name = "qkv")]
    private readonly MixedLinear _queryKeyValue;

    [ComponentName(Name = "proj")]
    private readonly MixedLinear _projection;

    private readonly int _heads;

    public SelfAttention(int width, int heads)
        : base(nameof(SelfAttention))
    {
        _heads = heads;
        _queryBias = new Parameter(zeros(width));
        _valueBias = new Parameter(zeros(width));
        _ = _queryBias.DetachFromDisposeScope();
        _ = _valueBias.DetachFromDisposeScope();
        _queryKeyValue = new MixedLinear(width, 3 * width, bias: false);
        _projection = new MixedLinear(width, width);
        RegisterComponents();
    }

    /// <summary>The type that the first product runs in.</summary>
    public ScalarType ComputeType => _queryKeyValue.ComputeType;

    /// <summary>Queries = keys at twice their drawn strength, projection x values = 1 (<see cref="WeightStart.Mimetic"/>).</summary>
    public void StartMimetic(Generator generator)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var parts = _queryKeyValue.Weight.chunk(3, 0);
        _ = parts[1].copy_(parts[0].mul_(KeptScalar.Of(2.0)));
        var (orthogonal, _) = linalg.qr(randn(parts[2].shape, generator: generator));
        _ = parts[2].copy_(orthogonal);
        _ = _projection.Weight.copy_(orthogonal.transpose(0, 1));
    }

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        // A bias of the keys would cancel in the softmax.
        var bias = cat([_queryBias, zeros_like(_valueBias), _valueBias]);
        return _projection.call(ScaledDotProduct.Attend(_queryKeyValue.Apply(tokens, bias), _heads)).MoveToOuterDisposeScope();
    }
}
