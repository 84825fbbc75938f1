using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>Parameters with one rate and one decay, their running means end to end, so that a GPU can move all of them at once.</summary>
internal sealed class AdamWGroup : IDisposable
{
    /// <param name="settings">Rate and decay.</param>
    /// <param name="parameters">At least one, all of one type and on one device.</param>
    public AdamWGroup(ParameterGroup settings, IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        var (first, length) = (parameters[0].Value, parameters.Sum(p => p.Value.numel()));
        Settings = settings;
        Mean = zeros(length, first.dtype, first.device).DetachFromDisposeScope();
        Square = zeros(length, first.dtype, first.device).DetachFromDisposeScope();
        long start = 0;
        foreach (var (name, value) in parameters)
        {
            Slots.Add(new AdamWSlot(name, value, start, Part(Mean), Part(Square)));
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

    /// <summary>Running mean of the gradients of all parameters in a row, [sum of their counts].</summary>
    public Tensor Mean { get; }

    /// <summary>The same of the squared gradients.</summary>
    public Tensor Square { get; }

    public void Dispose()
    {
        foreach (var slot in Slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }

        Mean.Dispose();
        Square.Dispose();
    }
}

/// <summary>One parameter and its part of the group's running means.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Parameter">Its values.</param>
/// <param name="Start">Where it begins in a vector over the whole group.</param>
/// <param name="Mean">View into <see cref="AdamWGroup.Mean"/>, in the parameter's shape.</param>
/// <param name="Square">View into <see cref="AdamWGroup.Square"/>, in the parameter's shape.</param>
internal sealed record AdamWSlot(string Name, Tensor Parameter, long Start, Tensor Mean, Tensor Square)
{
    /// <summary>This parameter's part of a vector over the whole group, in its shape.</summary>
    public Tensor Of(Tensor together) => together.narrow(0, Start, Parameter.numel()).view(Parameter.shape);
}
