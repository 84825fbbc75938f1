using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>The feed-forward part of a block: linear, exact GELU, linear. [B,N,C] -> [B,N,C].</summary>
internal sealed class Mlp : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "fc1")]
    private readonly MixedLinear _widen;

    [ComponentName(Name = "fc2")]
    private readonly MixedLinear _narrow;

    public Mlp(int width, int hidden)
        : base(nameof(Mlp))
    {
        _widen = new MixedLinear(width, hidden);
        _narrow = new MixedLinear(hidden, width);
        RegisterComponents();
    }

    /// <summary>The type that the first product runs in.</summary>
    public ScalarType ComputeType => _widen.ComputeType;

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var hidden = _widen.call(tokens);
        // In place where autograd does not need the input again: the widest tensor of the block is then made once.
        return _narrow.call(nn.functional.gelu(hidden, inplace: !is_grad_enabled())).MoveToOuterDisposeScope();
    }
}
