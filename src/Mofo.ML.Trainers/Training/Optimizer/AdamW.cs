using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>AdamW with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101): one pass over memory per step on a CPU, few calls per step on a GPU.</summary>
/// <remarks>
/// p = p (1 - rate decay); m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon).
/// A parameter without gradient is left alone, decay included. Same arithmetic as torch's; see AdamWTests.
/// </remarks>
internal sealed class AdamW : ITrainingPart, IDisposable
{
    private readonly List<AdamWGroup> _groups = [];
    private readonly AdamWSettings _settings;

    /// <summary>Takes the parameters that the groups name.</summary>
    /// <exception cref="ArgumentException">The groups and the trainable parameters of the model are not the same.</exception>
    public AdamW(nn.Module model, IReadOnlyList<ParameterGroup> groups, AdamWSettings settings)
    {
        _settings = settings;
        var byName = model.named_parameters().Where(p => p.parameter.requires_grad).ToDictionary(p => p.name, p => (Tensor)p.parameter);
        using var frozen = no_grad();
        foreach (var group in groups.Where(group => group.Names.Count > 0))
        {
            var parameters = group.Names.Select(name => byName.Remove(name, out var parameter) ? (name, parameter) : throw new ArgumentException(
                $"The model has no trainable parameter '{name}', or two groups name it.", nameof(groups)));
            _groups.Add(new AdamWGroup(group, [.. parameters]));
        }

        if (byName.Count > 0)
        {
            throw new ArgumentException($"No group names {string.Join(", ", byName.Keys)}.", nameof(groups));
        }
    }

    public string Name => "optimizer";

    /// <summary>Steps taken (t). Set when a run is resumed.</summary>
    public long StepsTaken { get; set; }

    public IEnumerable<(string Name, double Value)> Numbers => [("steps", StepsTaken)];

    /// <summary>The running means, named <c>exp_avg.{parameter}</c> and <c>exp_avg_sq.{parameter}</c>: with <see cref="StepsTaken"/> all that resuming needs.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors =>
        Slots.SelectMany(slot => new[] { ($"exp_avg.{slot.Name}", slot.Mean), ($"exp_avg_sq.{slot.Name}", slot.Square) });

    private IEnumerable<AdamWSlot> Slots => _groups.SelectMany(group => group.Slots);

    public void Resume(IReadOnlyDictionary<string, double> numbers) => StepsTaken = (long)numbers["steps"];

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
        foreach (var group in _groups)
        {
            var groupRate = rate * group.Settings.RateScale;
            var decay = group.Settings.WeightDecay == 0 ? 0 : weightDecay ?? group.Settings.WeightDecay;
            Move(group, new AdamWNumbers(
                Keep: (float)(1 - (groupRate * decay)),
                Beta1: (float)_settings.Beta1,
                Beta2: (float)_settings.Beta2,
                Rate: (float)(groupRate / meanCorrection),
                InverseRootCorrection: (float)(1 / Math.Sqrt(squareCorrection)),
                Epsilon: (float)_settings.Epsilon));
        }
    }

    /// <summary>Drops all gradients: the next backward pass then hands over its own instead of adding to old ones.</summary>
    public void ClearGradients()
    {
        foreach (var slot in Slots)
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
        foreach (var group in _groups)
        {
            group.Dispose();
        }
    }

    private static void Move(AdamWGroup group, AdamWNumbers numbers)
    {
        using var scope = NewDisposeScope();
        var left = new List<(AdamWSlot Slot, Tensor Gradient)>();
        foreach (var slot in group.Slots)
        {
            if (slot.Parameter.grad is { } gradient)
            {
                if (AdamWKernel.Fits(slot.Parameter) && AdamWKernel.Fits(gradient))
                {
                    AdamWKernel.Update(slot.Parameter, gradient, slot.Mean, slot.Square, numbers);
                }
                else
                {
                    left.Add((slot, gradient));
                }
            }
        }

        if (left.Count == group.Slots.Count)
        {
            MoveTogether(group, [.. left.Select(part => part.Gradient)], numbers);
            return;
        }

        foreach (var (slot, gradient) in left)
        {
            Update(slot.Parameter, gradient, slot.Mean, slot.Square, numbers);
        }
    }

    /// <summary>The whole group as one vector: a GPU would wait longer for ten calls per parameter than it takes to carry them out.</summary>
    private static void MoveTogether(AdamWGroup group, IReadOnlyList<Tensor> gradients, AdamWNumbers numbers)
    {
        var together = cat([.. group.Slots.Select(slot => slot.Parameter.flatten())]);
        Update(together, cat([.. gradients.Select(gradient => gradient.flatten())]), group.Mean, group.Square, numbers);
        foreach (var slot in group.Slots)
        {
            _ = slot.Parameter.copy_(slot.Of(together));
        }
    }

    private static void Update(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, AdamWNumbers n)
    {
        using var scope = NewDisposeScope();
        using Scalar keep = n.Keep.ToScalar(), correction = n.InverseRootCorrection.ToScalar(), move = (-n.Rate).ToScalar();
        _ = parameter.mul_(keep);
        _ = mean.mul_(KeptScalar.Of(n.Beta1)).add_(gradient, KeptScalar.Of(1 - n.Beta1));
        _ = square.mul_(KeptScalar.Of(n.Beta2)).addcmul_(gradient, gradient, KeptScalar.Of(1 - n.Beta2));
        var spread = square.sqrt().mul_(correction).add_(KeptScalar.Of(n.Epsilon), KeptScalar.One);
        _ = parameter.addcdiv_(mean, spread, move);
    }
}

/// <summary>The constants of AdamW.</summary>
/// <param name="Beta1">Memory of the mean gradient.</param>
/// <param name="Beta2">Memory of the mean squared gradient; the original takes 0.95 in pretraining and 0.999 in finetuning.</param>
/// <param name="Epsilon">Added to the root of the mean squared gradient.</param>
internal sealed record AdamWSettings(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8);
