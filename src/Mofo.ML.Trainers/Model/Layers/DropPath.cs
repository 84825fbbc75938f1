using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Stochastic depth: in training, drops a residual branch for whole samples and scales the kept ones by 1 / (1 - rate).</summary>
/// <remarks>Not a module: it has no weights. Chance comes from the <see cref="Random"/> given to <see cref="Reseed"/>, so that a resumed run repeats it.</remarks>
/// <param name="rate">Chance to drop, in [0, 1).</param>
internal sealed class DropPath(double rate)
{
    private Random _random = new(0);

    /// <summary>Hands one random source to every block of a model; call it with a source made from seed and step to make steps repeatable.</summary>
    public static void Reseed(nn.Module model, Random random)
    {
        foreach (var module in model.modules())
        {
            if (module is TransformerBlock block)
            {
                block.DropPath._random = random;
            }
        }
    }

    /// <summary>[B,N,C] -> [B,N,C]; the input itself when nothing can be dropped.</summary>
    public Tensor Apply(Tensor branch, bool training)
    {
        if (!training || rate <= 0)
        {
            return branch;
        }

        using var scope = NewDisposeScope();
        var keep = new float[branch.shape[0]];
        for (var sample = 0; sample < keep.Length; sample++)
        {
            keep[sample] = _random.NextDouble() < rate ? 0 : (float)(1 / (1 - rate));
        }

        return (branch * tensor(keep).reshape(-1, 1, 1).to(branch.dtype, branch.device)).MoveToOuterDisposeScope();
    }
}
