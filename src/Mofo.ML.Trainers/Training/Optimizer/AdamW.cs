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
        Step(rate, weightDecay, Together());
    }

    /// <summary>Clips the gradient and moves every parameter along it, all without the host waiting for the device.</summary>
    /// <param name="rate">As <see cref="Step(double, double?)"/>.</param>
    /// <param name="weightDecay">As <see cref="Step(double, double?)"/>.</param>
    /// <param name="limit">Largest length of the whole gradient; null only measures.</param>
    /// <returns>The length before clipping, a scalar on the device.</returns>
    public Tensor StepClipped(double rate, double? weightDecay, double? limit)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var together = Together();
        var gradients = _groups.Zip(together).SelectMany(pair => pair.Second is { } all ? [all] : pair.First.Slots.Select(slot => slot.Parameter.grad).OfType<Tensor>()).ToList();
        var norm = GradientClipping.ClipUnread(gradients, limit);
        Step(rate, weightDecay, together);
        return norm.MoveToOuterDisposeScope();
    }

    /// <summary>Gradients of each group in a row; null for groups whose parameters are moved one by one.</summary>
    private List<Tensor?> Together() => _groups.ConvertAll(group => group.Weights is null ? null : group.Gradient());

    private void Step(double rate, double? weightDecay, List<Tensor?> gradients)
    {
        StepsTaken++;
        var meanCorrection = 1 - Math.Pow(_settings.Beta1, StepsTaken);
        var squareCorrection = 1 - Math.Pow(_settings.Beta2, StepsTaken);
        foreach (var (group, gradient) in _groups.Zip(gradients))
        {
            var groupRate = rate * group.Settings.RateScale;
            var decay = group.Settings.WeightDecay == 0 ? 0 : weightDecay ?? group.Settings.WeightDecay;
            Move(group, gradient, new AdamWNumbers(
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
            slot.Parameter.grad = null;
        }
    }

    public void Dispose()
    {
        foreach (var group in _groups)
        {
            group.Dispose();
        }
    }

    /// <param name="group">What is moved.</param>
    /// <param name="together">Its gradients in a row; null to take each parameter's own.</param>
    /// <param name="numbers">Of this step.</param>
    private static void Move(AdamWGroup group, Tensor? together, AdamWNumbers numbers)
    {
        using var scope = NewDisposeScope();
        if (group.Weights is not null && together is not null)
        {
            // The whole group as one vector: a GPU would wait longer for eight calls per parameter than it takes to carry them out.
            Update(group.Weights, together, group.Mean, group.Square, group.Share(1 - numbers.Beta1), numbers);
            return;
        }

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
                    Update(slot.Parameter, gradient, slot.Mean, slot.Square, group.Share(1 - numbers.Beta1), numbers);
                }
            }
        }
    }

    private static void Update(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, Tensor share, AdamWNumbers n)
    {
        using var scope = NewDisposeScope();
        // The root's correction goes into epsilon and rate, which saves a pass over memory.
        using Scalar keep = n.Keep.ToScalar(), epsilon = (n.Epsilon / n.InverseRootCorrection).ToScalar(), move = (-n.Rate / n.InverseRootCorrection).ToScalar();
        if (n.Keep != 1)
        {
            _ = parameter.mul_(keep);
        }

        _ = mean.lerp_(gradient, share);
        _ = square.mul_(KeptScalar.Of(n.Beta2)).addcmul_(gradient, gradient, KeptScalar.Of(1 - n.Beta2));
        _ = parameter.addcdiv_(mean, square.sqrt().add_(epsilon, KeptScalar.One), move);
    }
}

/// <summary>The constants of AdamW.</summary>
/// <param name="Beta1">Memory of the mean gradient.</param>
/// <param name="Beta2">Memory of the mean squared gradient; the original takes 0.95 in pretraining and 0.999 in finetuning.</param>
/// <param name="Epsilon">Added to the root of the mean squared gradient.</param>
internal sealed record AdamWSettings(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8);
