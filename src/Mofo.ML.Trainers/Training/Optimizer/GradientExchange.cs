using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>All gradients of a model as one vector, for exchange with other workers: the seam for data-parallel training.</summary>
/// <remarks>A worker trains on its share of the batch; the exchange averages the vector over workers in place; every worker then takes the same step.</remarks>
/// <param name="parameters">Parameters in an order that all workers share; those without gradient are left out, on every worker alike.</param>
/// <param name="exchange">Averages a float32 vector over all workers in place, an all-reduce.</param>
internal sealed class GradientExchange(IEnumerable<Tensor> parameters, Action<Tensor> exchange)
{
    private readonly List<Tensor> _parameters = [.. parameters];

    /// <summary>Replaces every gradient by its average over the workers.</summary>
    public void Average()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var gradients = _parameters.Select(p => p.grad).OfType<Tensor>().ToList();
        if (gradients.Count == 0)
        {
            return;
        }

        var flat = cat(gradients.Select(g => g.flatten()).ToList());
        exchange(flat);
        long start = 0;
        foreach (var gradient in gradients)
        {
            _ = gradient.copy_(flat.narrow(0, start, gradient.numel()).view_as(gradient));
            start += gradient.numel();
        }
    }
}
