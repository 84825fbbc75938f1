using Mofo.ML.Research;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Starting weights, from one seeded generator in the order of the modules.</summary>
/// <remarks>Biases start at 0, norms at 1 and 0 (as built). The tubelet embedding keeps a convolution's default, uniform in +-1/sqrt(fan in), bias too.</remarks>
internal static class WeightInit
{
    /// <summary>Standard deviation of every truncated normal of the original.</summary>
    private const double Deviation = 0.02;

    /// <summary>Draws the weights of every linear layer.</summary>
    public static void Draw(nn.Module model, WeightStart start, Generator generator)
    {
        Fill(
            model,
            start == WeightStart.TruncatedNormal ? linear => TruncatedNormal(linear.Weight, cutAt: 100, generator) : linear => XavierUniform(linear.Weight, generator),
            generator);
        if (start == WeightStart.Mimetic)
        {
            foreach (var attention in model.modules().OfType<SelfAttention>())
            {
                attention.StartMimetic(generator);
            }
        }
    }

    /// <summary>Normal with deviation 0.02, truncated at this number of deviations.</summary>
    public static void TruncatedNormal(Tensor weight, double cutAt, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        // Inverse of the cumulative distribution: erf(cut / sqrt 2) bounds the uniform draw, which keeps erfinv finite.
        var bound = Math.Min(1 - 1e-7, special.erf(tensor(cutAt / Math.Sqrt(2))).item<double>());
        _ = weight.uniform_(-bound, bound, generator).erfinv_().mul_(KeptScalar.Of(Deviation * Math.Sqrt(2)));
    }

    private static void Fill(nn.Module model, Action<MixedLinear> linear, Generator generator)
    {
        using var frozen = no_grad();
        var embeddings = model.modules().OfType<TubeletEmbedding>().Select(e => e.Projection).ToHashSet();
        foreach (var layer in model.modules().OfType<MixedLinear>())
        {
            if (embeddings.Contains(layer))
            {
                ConvolutionDefault(layer, generator);
            }
            else
            {
                linear(layer);
            }
        }
    }

    private static void XavierUniform(Parameter weight, Generator generator)
    {
        var bound = Math.Sqrt(6.0 / (weight.shape[0] + weight.shape[1]));
        _ = weight.uniform_(-bound, bound, generator);
    }

    private static void ConvolutionDefault(MixedLinear layer, Generator generator)
    {
        var bound = 1 / Math.Sqrt(layer.Weight.numel() / layer.Weight.shape[0]);
        _ = layer.Weight.uniform_(-bound, bound, generator);
        _ = layer.Bias!.uniform_(-bound, bound, generator);
    }
}
