using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>Parameters with one rate and one decay, their running means end to end, so that a GPU can move all of them at once.</summary>
internal sealed class AdamWGroup : IDisposable
{
    private Tensor? _share;

    /// <param name="settings">Rate and decay.</param>
    /// <param name="parameters">At least one, all of one type and on one device.</param>
    public AdamWGroup(ParameterGroup settings, IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        var (first, length) = (parameters[0].Value, parameters.Sum(p => p.Value.numel()));
        Settings = settings;
        Mean = zeros(length, first.dtype, first.device).DetachFromDisposeScope();
        Square = zeros(length, first.dtype, first.device).DetachFromDisposeScope();
        Weights = AdamWKernel.IsFor(first) ? null : cat([.. parameters.Select(p => p.Value.flatten())]).DetachFromDisposeScope();
        long start = 0;
        foreach (var (name, value) in parameters)
        {
            Slots.Add(new AdamWSlot(name, value, Part(Mean), Part(Square)));
            if (Weights is not null)
            {
                using var own = Part(Weights);
                _ = value.set_(own);
            }

            start += value.numel();

            Tensor Part(Tensor together)
            {
                using var flat = together.narrow(0, start, value.numel());
                return flat.view(value.shape).DetachFromDisposeScope();
            }
        }
    }

    public ParameterGroup Settings { get; }

    public List<AdamWSlot> Slots { get; } = [];

    /// <summary>All parameters in a row, of which each parameter is a part from now on; null where each is moved by itself in one pass (float32 on a CPU).</summary>
    public Tensor? Weights { get; }

    /// <summary>All gradients in a row; null where a parameter has none.</summary>
    public Tensor? Gradient()
    {
        using var scope = NewDisposeScope();
        var gradients = Slots.Select(slot => slot.Parameter.grad).OfType<Tensor>().ToList();
        return gradients.Count < Slots.Count ? null : cat([.. gradients.Select(gradient => gradient.flatten())]).MoveToOuterDisposeScope();
    }

    /// <summary>Running mean of the gradients of all parameters in a row, [sum of their counts].</summary>
    public Tensor Mean { get; }

    /// <summary>The same of the squared gradients.</summary>
    public Tensor Square { get; }

    /// <summary>The share of a new gradient in the running mean, a scalar where the parameters are: a GPU gets it once, not in every step.</summary>
    /// <param name="value">The same in every step.</param>
    public Tensor Share(float value)
    {
        using var scope = NewDisposeScope();
        return _share ??= tensor(value, Mean.dtype).SentTo(Mean.device).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var slot in Slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }

        _share?.Dispose();
        Weights?.Dispose();
        Mean.Dispose();
        Square.Dispose();
    }
}

/// <summary>One parameter and its part of the group's running means.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Parameter">Its values.</param>
/// <param name="Mean">View into <see cref="AdamWGroup.Mean"/>, in the parameter's shape.</param>
/// <param name="Square">View into <see cref="AdamWGroup.Square"/>, in the parameter's shape.</param>
internal sealed record AdamWSlot(string Name, Tensor Parameter, Tensor Mean, Tensor Square);
