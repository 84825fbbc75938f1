using TorchSharp;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Loads weights of any known file into a model: finds out the format by content, the names by rule, and reports on every tensor.</summary>
internal static class WeightLoader
{
    /// <summary>Loads a file; of a saved pipeline, the last stage whose weights fit (a pretraining model is found behind a classifier).</summary>
    /// <exception cref="WeightMismatchException">As for the other overload; for a saved pipeline, on behalf of its last stage.</exception>
    public static LoadReport Load(string path, torch.nn.Module module, WeightUse use, bool strict = true)
    {
        var state = module.state_dict();
        WeightMismatchException? first = null;
        foreach (var source in WeightFiles.OpenEach(path))
        {
            using (source)
            {
                try
                {
                    return Load(source, state, use, strict);
                }
                catch (WeightMismatchException e)
                {
                    first ??= e;
                }
            }
        }

        throw first!;
    }

    /// <summary>What loading would do, without doing it.</summary>
    public static LoadReport Check(WeightSet source, IReadOnlyDictionary<string, torch.Tensor> state, WeightUse use) =>
        Plan(ParameterNames.ToOriginal(source), state, use).Report;

    /// <summary>Copies the tensors that have a place in the model, one by one, converting type and device.</summary>
    /// <param name="source">Tensors under the original's or HuggingFace's names, with or without the prefixes of wrappers.</param>
    /// <param name="state">The model's tensors by name.</param>
    /// <param name="use">Which names must be there and which may be left out.</param>
    /// <param name="strict">Whether anything missing, unexpected or mis-shaped stops the loading before it begins.</param>
    /// <exception cref="WeightMismatchException">Something does not fit and <paramref name="strict"/> is set, or nothing fits at all.</exception>
    public static LoadReport Load(WeightSet source, IReadOnlyDictionary<string, torch.Tensor> state, WeightUse use, bool strict = true)
    {
        var original = ParameterNames.ToOriginal(source);
        var (report, copies) = Plan(original, state, use);
        if (copies.Count == 0 || (strict && !report.IsComplete))
        {
            throw new WeightMismatchException(report);
        }

        foreach (var (weight, target) in copies)
        {
            ModuleWeights.Copy(weight, target);
        }

        return report;
    }

    private static (LoadReport Report, List<(WeightTensor Weight, torch.Tensor Target)> Copies) Plan(
        WeightSet source, IReadOnlyDictionary<string, torch.Tensor> state, WeightUse use)
    {
        var open = new OrderedDictionary<string, torch.Tensor>(state);
        var copies = new List<(WeightTensor, torch.Tensor)>();
        List<string> loaded = [], unexpected = [], wrongShape = [], ignored = [];
        foreach (var weight in source)
        {
            var bare = ParameterNames.WithoutWrappers(weight.Name);
            var name = open.ContainsKey(bare) ? bare : "encoder." + bare;
            if (!open.TryGetValue(name, out var target))
            {
                (use.IsIgnored(bare) ? ignored : unexpected).Add(weight.Name);
            }
            else if (Fits(weight, target))
            {
                copies.Add((weight, target));
                loaded.Add(name);
                open.Remove(name);
            }
            else if (use.ReplacesHead && bare.StartsWith("head.", StringComparison.Ordinal))
            {
                ignored.Add(weight.Name);
            }
            else
            {
                wrongShape.Add($"{weight.Name} (found {weight.Description}, expected {WeightTypes.FromTorch(target.dtype).Code()} {WeightTensor.Describe(target.shape)})");
                open.Remove(name);
            }
        }

        var report = new LoadReport(source.Origin)
        {
            Loaded = loaded,
            LeftAtInitialValues = [.. open.Keys.Where(name => !use.IsRequired(name))],
            Missing = [.. open.Keys.Where(name => use.IsRequired(name))],
            Unexpected = unexpected,
            WrongShape = wrongShape,
            Ignored = ignored,
        };
        return (report, copies);
    }

    /// <summary>Precisions may differ (half-precision files are common), whole numbers and fractions may not be mixed.</summary>
    private static bool Fits(WeightTensor weight, torch.Tensor target) =>
        target.shape.AsSpan().SequenceEqual(weight.Shape.AsSpan()) && weight.Type.IsFloating() == WeightTypes.FromTorch(target.dtype).IsFloating();
}
