using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>In training, sets values to 0 by chance and scales the kept ones by 1 / (1 - rate): dropout of single values, drop path of whole samples.</summary>
/// <remarks>
/// Not a module: it has no weights. Chance comes from <see cref="Random"/>, which a resumed run can repeat, as it could not the global state that libtorch's
/// own dropout draws from.
/// </remarks>
/// <param name="rate">Chance to drop, in [0, 1).</param>
internal sealed class RandomDrop(double rate)
{
    /// <summary>Where chance comes from.</summary>
    public Random Random { get; set; } = new(0);

    /// <summary>Dropout (Srivastava et al. 2014): drops single values. Any shape to the same; the input itself when nothing can be dropped.</summary>
    public Tensor OfValues(Tensor values, bool training) => Apply(values, values.shape, training);

    /// <summary>Drop path (stochastic depth, Huang et al. 2016): drops whole samples of a residual branch, [B,N,C] -> [B,N,C].</summary>
    public Tensor OfSamples(Tensor branch, bool training) => Apply(branch, [branch.shape[0], 1, 1], training);

    private Tensor Apply(Tensor values, long[] maskShape, bool training)
    {
        if (!training || rate <= 0)
        {
            return values;
        }

        using var scope = NewDisposeScope();
        var keep = new float[maskShape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < keep.Length; i++)
        {
            keep[i] = Random.NextDouble() < rate ? 0 : (float)(1 / (1 - rate));
        }

        return (values * tensor(keep).reshape(maskShape).to(values.dtype, values.device)).MoveToOuterDisposeScope();
    }
}
