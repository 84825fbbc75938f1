using TorchSharp;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Moves tensors between torch and <see cref="WeightTensor"/>, one at a time, so that a model is never in memory twice.</summary>
internal static class ModuleWeights
{
    /// <summary>Parameters and buffers of a module under its own names. The values are read when asked for, not now.</summary>
    /// <param name="module">Must live, unchanged, until the set has been written.</param>
    /// <param name="origin">What to call it in messages.</param>
    public static WeightSet Export(torch.nn.Module module, string origin) =>
        new(origin, module.state_dict().Select(pair => FromTensor(pair.Key, pair.Value)));

    /// <summary>Copies every tensor of <paramref name="source"/> into the module; names and shapes must match one to one.</summary>
    /// <remarks>For files of our own. Files of others go through the weight loader, which renames and reports.</remarks>
    /// <param name="module">The module.</param>
    /// <param name="source">Its tensors.</param>
    /// <param name="loaded">Told the name of every tensor as soon as it is there; null for nobody.</param>
    public static void Import(torch.nn.Module module, WeightSet source, Action<string>? loaded = null)
    {
        var state = module.state_dict();
        var problems = Differences(state, source);
        if (problems.Count > 0)
        {
            throw new WeightFileException(source.Origin, null, string.Join("; ", problems), "exactly the tensors of the model");
        }

        foreach (var tensor in source)
        {
            Copy(tensor, state[tensor.Name]);
            loaded?.Invoke(tensor.Name);
        }
    }

    /// <summary>A view of a torch tensor as a weight; any device, any strides.</summary>
    public static WeightTensor FromTensor(string name, torch.Tensor tensor) =>
        new(name, WeightTypes.FromTorch(tensor.dtype), tensor.shape, destination =>
        {
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();
            var plain = tensor.detach().cpu().contiguous();
            plain.bytes.CopyTo(destination);
        });

    /// <summary>A new CPU tensor with the type, shape and values of the weight.</summary>
    public static torch.Tensor ToTensor(WeightTensor weight)
    {
        var tensor = torch.empty(weight.Shape.ToArray(), dtype: weight.Type.ToTorch(), device: torch.CPU);
        try
        {
            weight.CopyTo(tensor.bytes);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Overwrites the values of <paramref name="target"/> (same shape), converting type and device.</summary>
    public static void Copy(WeightTensor weight, torch.Tensor target)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        if (target.device_type == DeviceType.CPU && target.is_contiguous() && target.dtype == weight.Type.ToTorch())
        {
            weight.CopyTo(target.bytes);
        }
        else
        {
            target.copy_(ToTensor(weight));
        }
    }

    private static List<string> Differences(IReadOnlyDictionary<string, torch.Tensor> state, WeightSet source)
    {
        var problems = state.Keys.Where(name => !source.TryFind(name, out _)).Select(name => $"no tensor '{name}'").ToList();
        foreach (var tensor in source)
        {
            if (!state.TryGetValue(tensor.Name, out var target))
            {
                problems.Add($"an extra tensor '{tensor.Name}'");
            }
            else if (!target.shape.AsSpan().SequenceEqual(tensor.Shape.AsSpan()))
            {
                problems.Add($"'{tensor.Name}' of shape {WeightTensor.Describe(tensor.Shape.AsSpan())} instead of {WeightTensor.Describe(target.shape)}");
            }
        }

        return problems;
    }
}
