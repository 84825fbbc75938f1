using TorchSharp;
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

    /// <summary>The clips of the batch that come here; null for all. Random numbers are drawn for all of them, no matter which process computes the others.</summary>
    public BatchShare? Share { get; set; }

    /// <summary>Dropout (Srivastava et al. 2014): drops single values. Any shape to the same; the input itself when nothing can be dropped.</summary>
    public Tensor OfValues(Tensor values, bool training)
    {
        if (!Drops(training))
        {
            return values;
        }

        using var scope = NewDisposeScope();
        return (values * Factors(values.shape, values)).MoveToOuterDisposeScope();
    }

    /// <summary>Drop path (stochastic depth, Huang et al. 2016): adds a residual branch of which whole samples are dropped, [B,N,C] + [B,N,C] -> [B,N,C].</summary>
    public Tensor AddSamples(Tensor tokens, Tensor branch, bool training)
    {
        if (!Drops(training))
        {
            return tokens.Plus(branch);
        }

        using var scope = NewDisposeScope();
        var factors = Factors([branch.shape[0], 1, 1], branch);

        // A GPU waits for memory, and one pass over the tokens is less of it; on a CPU product and sum keep their own roundings.
        var sum = branch.device_type == DeviceType.CPU ? tokens.Plus(branch * factors) : tokens.addcmul(branch, factors, KeptScalar.One);
        return sum.MoveToOuterDisposeScope();
    }

    private bool Drops(bool training) => training && rate > 0;

    /// <summary>0 or 1 / (1 - rate) by chance, in the type and on the device of the values.</summary>
    private Tensor Factors(long[] shape, Tensor values)
    {
        using var scope = NewDisposeScope();
        return tensor(Draw(shape)).reshape(shape).to(values.dtype).SentTo(values.device).MoveToOuterDisposeScope();
    }

    /// <summary>One factor per value of the mask, in the order of the whole batch.</summary>
    private float[] Draw(long[] maskShape)
    {
        var perClip = maskShape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var keep = new float[maskShape[0] * perClip];
        var (total, kept) = (Share is { IsWhole: false } ? Share.Total : maskShape[0], 0);
        for (var clip = 0; clip < total; clip++)
        {
            var isHere = total == maskShape[0] || (kept < Share!.Places.Count && Share.Places[kept] == clip);
            for (var i = 0; i < perClip; i++)
            {
                var factor = Random.NextDouble() < rate ? 0 : (float)(1 / (1 - rate));
                if (isHere)
                {
                    keep[(kept * perClip) + i] = factor;
                }
            }

            kept += isHere ? 1 : 0;
        }

        return keep;
    }
}
