using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>Length of the whole gradient, and its limit.</summary>
internal static class GradientClipping
{
    /// <summary>The L2 norm over all gradients together, after which they are scaled down to <paramref name="limit"/> if they exceed it.</summary>
    /// <param name="parameters">Parameters; those without gradient are left out.</param>
    /// <param name="limit">Largest norm allowed; null only measures.</param>
    /// <returns>The norm before scaling; not finite when a gradient is not.</returns>
    public static double Clip(IEnumerable<Tensor> parameters, double? limit)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToList();
        if (gradients.Count == 0)
        {
            return 0;
        }

        // One scalar comes back from the device, not one per parameter.
        var norm = NormOf(gradients).to(ScalarType.Float64).item<double>();
        if (limit is { } largest && norm > largest && double.IsFinite(norm))
        {
            // The 1e-6 is torch's, so that runs compare.
            using var factor = (largest / (norm + 1e-6)).ToScalar();
            foreach (var gradient in gradients)
            {
                _ = gradient.mul_(factor);
            }
        }

        return norm;
    }

    /// <summary>The same without the host waiting: the length stays on the device, and every gradient is scaled by min(1, limit / length).</summary>
    /// <param name="gradients">At least one.</param>
    /// <param name="limit">Largest norm allowed; null only measures.</param>
    /// <returns>The norm before scaling, a scalar in the caller's scope.</returns>
    public static Tensor ClipUnread(IReadOnlyList<Tensor> gradients, double? limit)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var norm = NormOf(gradients);
        if (limit is { } largest)
        {
            var factor = norm.add(KeptScalar.Of(1e-6), KeptScalar.One).reciprocal_().mul_(KeptScalar.Of(largest)).clamp_max_(KeptScalar.One);
            foreach (var gradient in gradients)
            {
                _ = gradient.mul_(factor);
            }
        }

        return norm.MoveToOuterDisposeScope();
    }

    private static Tensor NormOf(IReadOnlyList<Tensor> gradients) => stack(gradients.Select(g => g.norm()).ToList()).norm();
}
