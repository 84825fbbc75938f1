using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training;

/// <summary>AdamW with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101), one pass over memory per step on a CPU.</summary>
/// <remarks>
/// p = p (1 - rate decay); m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon).
/// A parameter without gradient is left alone, decay included. Same arithmetic as torch's; see AdamWTests.
/// </remarks>
internal sealed class AdamW : IDisposable
{
    private readonly List<Slot> _slots = [];
    private readonly AdamWSettings _settings;

    /// <summary>Takes the parameters that the groups name.</summary>
    /// <exception cref="ArgumentException">The groups and the trainable parameters of the model are not the same.</exception>
    public AdamW(nn.Module model, IReadOnlyList<ParameterGroup> groups, AdamWSettings settings)
    {
        _settings = settings;
        var byName = model.named_parameters().Where(p => p.parameter.requires_grad).ToDictionary(p => p.name, p => (Tensor)p.parameter);
        using var frozen = no_grad();
        foreach (var group in groups)
        {
            foreach (var name in group.Names)
            {
                if (!byName.Remove(name, out var parameter))
                {
                    throw new ArgumentException($"The model has no trainable parameter '{name}', or two groups name it.", nameof(groups));
                }

                _slots.Add(new Slot(name, parameter, group, zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope()));
            }
        }

        if (byName.Count > 0)
        {
            throw new ArgumentException($"No group names {string.Join(", ", byName.Keys)}.", nameof(groups));
        }
    }

    /// <summary>Steps taken (t). Set when a run is resumed.</summary>
    public long StepsTaken { get; set; }

    /// <summary>The running means, named <c>exp_avg.{parameter}</c> and <c>exp_avg_sq.{parameter}</c>: with <see cref="StepsTaken"/> all that resuming needs.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        _slots.SelectMany(slot => new[] { ($"exp_avg.{slot.Name}", slot.Mean), ($"exp_avg_sq.{slot.Name}", slot.Square) });

    /// <summary>Moves every parameter along its gradient.</summary>
    /// <param name="rate">Learning rate of this step, before the groups' factors.</param>
    /// <param name="weightDecay">Decay of this step for the groups that have one; null keeps the groups' own.</param>
    public void Step(double rate, double? weightDecay = null)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        StepsTaken++;
        var meanCorrection = 1 - Math.Pow(_settings.Beta1, StepsTaken);
        var squareCorrection = 1 - Math.Pow(_settings.Beta2, StepsTaken);
        foreach (var slot in _slots)
        {
            using var gradient = slot.Parameter.grad;
            if (gradient is null)
            {
                continue;
            }

            var slotRate = rate * slot.Group.RateScale;
            var decay = slot.Group.WeightDecay == 0 ? 0 : weightDecay ?? slot.Group.WeightDecay;
            var numbers = new AdamWNumbers(
                Keep: (float)(1 - (slotRate * decay)),
                Beta1: (float)_settings.Beta1,
                Beta2: (float)_settings.Beta2,
                Rate: (float)(slotRate / meanCorrection),
                InverseRootCorrection: (float)(1 / Math.Sqrt(squareCorrection)),
                Epsilon: (float)_settings.Epsilon);
            if (AdamWKernel.Fits(slot.Parameter) && AdamWKernel.Fits(gradient))
            {
                AdamWKernel.Update(slot.Parameter, gradient, slot.Mean, slot.Square, numbers);
            }
            else
            {
                Update(slot, gradient, numbers);
            }
        }
    }

    /// <summary>Drops all gradients: the next backward pass then hands over its own instead of adding to old ones.</summary>
    public void ClearGradients()
    {
        foreach (var slot in _slots)
        {
            using var gradient = slot.Parameter.grad;
            if (gradient is not null)
            {
                slot.Parameter.grad = null;
            }
        }
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }

    private static void Update(Slot slot, Tensor gradient, AdamWNumbers n)
    {
        using var scope = NewDisposeScope();
        using Scalar keep = n.Keep.ToScalar(), correction = n.InverseRootCorrection.ToScalar(), move = (-n.Rate).ToScalar();
        _ = slot.Parameter.mul_(keep);
        _ = slot.Mean.mul_(KeptScalar.Of(n.Beta1)).add_(gradient, KeptScalar.Of(1 - n.Beta1));
        _ = slot.Square.mul_(KeptScalar.Of(n.Beta2)).addcmul_(gradient, gradient, KeptScalar.Of(1 - n.Beta2));
        var spread = slot.Square.sqrt().mul_(correction).add_(KeptScalar.Of(n.Epsilon), KeptScalar.One);
        _ = slot.Parameter.addcdiv_(slot.Mean, spread, move);
    }

    private sealed record Slot(string Name, Tensor Parameter, ParameterGroup Group, Tensor Mean, Tensor Square);
}

/// <summary>The constants of AdamW.</summary>
/// <param name="Beta1">Memory of the mean gradient.</param>
/// <param name="Beta2">Memory of the mean squared gradient; the original takes 0.95 in pretraining and 0.999 in finetuning.</param>
/// <param name="Epsilon">Added to the root of the mean squared gradient.</param>
internal sealed record AdamWSettings(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8);
