using Mofo.ML.Trainers.Weights;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>A saved training: its state and its tensors in named groups (<c>model</c>, <c>optimizer</c>, …).</summary>
internal sealed class Checkpoint(string path, CheckpointState state, WeightSet tensors) : IDisposable
{
    public string Path { get; } = path;

    public CheckpointState State { get; } = state;

    public WeightSet Tensors { get; } = tensors;

    /// <summary>Names tensors for a checkpoint: <c>group.name</c>. They are read when the file is written.</summary>
    public static IEnumerable<WeightTensor> Group(string group, IEnumerable<(string Name, Tensor Value)> tensors) =>
        tensors.Select(tensor => ModuleWeights.FromTensor($"{group}.{tensor.Name}", tensor.Value));

    /// <summary>Copies the tensors of a group back in place; names and shapes must be those of the checkpoint, one to one.</summary>
    /// <exception cref="WeightFileException">They are not; nothing has been changed.</exception>
    public void Restore(string group, IEnumerable<(string Name, Tensor Value)> targets)
    {
        var prefix = group + ".";
        var open = Tensors.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToHashSet();
        var copies = new List<(WeightTensor, Tensor)>();
        foreach (var (name, target) in targets)
        {
            var weight = Tensors[prefix + name];
            var expected = $"{WeightTypes.FromTorch(target.dtype).Code()} {WeightTensor.Describe(target.shape)}";
            if (weight.Description != expected)
            {
                throw new WeightFileException(Path, weight.Name, weight.Description, expected);
            }

            copies.Add((weight, target));
            open.Remove(weight.Name);
        }

        if (open.Count > 0)
        {
            throw new WeightFileException(Path, open.First(), Invariant($"{open.Count} tensors that this training has no place for"), "the same model and optimiser");
        }

        foreach (var (weight, target) in copies)
        {
            ModuleWeights.Copy(weight, target);
        }
    }

    public void Dispose() => Tensors.Dispose();
}
