using TorchSharp;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Loads weights of any known file into a model: finds out the format by content, the names by rule, and reports on every tensor.</summary>
internal static class WeightLoader
{
    /// <summary>Loads a file; of a saved pipeline, the last stage whose weights fit (a pretraining model is found behind a classifier).</summary>
    /// <exception cref="WeightMismatchException">As for the other overload; for a saved pipeline, on behalf of its last stage.</exception>
    /// <param name="path">File or folder.</param>
    /// <param name="module">The model.</param>
    /// <param name="use">Which names must be there and which may be left out.</param>
    /// <param name="strict">As for the other overload.</param>
    /// <param name="prepare">Changes the tensors, which have the original's names, before they are loaded; null to take them as they are.</param>
    public static LoadReport Load(string path, torch.nn.Module module, WeightUse use, bool strict = true, Func<WeightSet, WeightSet>? prepare = null)
    {
        var state = module.state_dict();
        WeightMismatchException? first = null;
        foreach (var source in WeightFiles.OpenEach(path))
        {
            using (source)
            {
                try
                {
                    var original = ParameterNames.ToOriginal(source);
                    return Load(prepare?.Invoke(original) ?? original, state, use, strict);
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
        List<string> loaded = [], unexpected = [], wrongShape = [], ignored = [], remarks = [];
        foreach (var weight in source)
        {
            var bare = WrapperNames.Without(weight.Name);
            var name = open.ContainsKey(bare) ? bare : "encoder." + bare;
            if (!open.TryGetValue(name, out var target))
            {
                (use.IsIgnored(bare) || WrapperNames.IsCounter(bare) || (PositionTable.Is(bare, weight) && PositionTable.IsComputed(weight)) ? ignored : unexpected).Add(weight.Source);
            }
            else if (Fits(weight, target))
            {
                copies.Add((weight, target));
                loaded.Add(name);
                open.Remove(name);
            }
            else if (use.ReplacesHead && bare.StartsWith("head.", StringComparison.Ordinal))
            {
                ignored.Add(weight.Source);
                remarks.AddRange(bare == "head.weight" ? [HeadLeftOut(weight, target)] : []);
            }
            else
            {
                wrongShape.Add($"{weight.Source} (found {weight.Description}, expected {WeightTypes.FromTorch(target.dtype).Code()} {WeightTensor.Describe(target.shape)})");
                open.Remove(name);
            }
        }

        bool IsRequired(string name) => use.IsRequired(name) && !IsBiasThatNobodyHas(name, loaded);
        List<string> missing = [.. open.Keys.Where(IsRequired)];
        if (missing.Count + unexpected.Count + wrongShape.Count > 0 && ForeignLayouts.Describe(source.Select(weight => weight.Source)) is { } kind)
        {
            remarks.Add(kind);
        }

        if (missing.Exists(IsOfDecoder) && !source.Any(weight => IsOfDecoder(WrapperNames.Without(weight.Name))))
        {
            remarks.Add("The file has no decoder, which pretraining needs; MofoFinetune and ApplyMofoModel take encoders and classifiers alone.");
        }

        var report = new LoadReport(source.Origin)
        {
            Loaded = loaded,
            LeftAtInitialValues = [.. open.Keys.Where(name => !IsRequired(name))],
            Missing = missing,
            Unexpected = unexpected,
            WrongShape = wrongShape,
            Ignored = ignored,
            Remarks = remarks,
        };
        return (report, copies);
    }

    private static bool IsOfDecoder(string name) => name.StartsWith("decoder.", StringComparison.Ordinal);

    private static string HeadLeftOut(WeightTensor head, torch.Tensor target) =>
        Invariant($"The head for {head.Shape.FirstOrDefault()} classes was left out; the model's head for {target.shape[0]} classes starts from its initial values.");

    /// <summary>A network with <c>qkv_bias</c> off has no biases of queries and values at all: 0, where they start, is then what they are.</summary>
    private static bool IsBiasThatNobodyHas(string name, List<string> loaded) => IsAttentionBias(name) && !loaded.Exists(IsAttentionBias);

    private static bool IsAttentionBias(string name) => name.EndsWith("attn.q_bias", StringComparison.Ordinal) || name.EndsWith("attn.v_bias", StringComparison.Ordinal);

    /// <summary>Precisions may differ (half-precision files are common), whole numbers and fractions may not be mixed.</summary>
    private static bool Fits(WeightTensor weight, torch.Tensor target) =>
        target.shape.AsSpan().SequenceEqual(weight.Shape.AsSpan()) && weight.Type.IsFloating() == WeightTypes.FromTorch(target.dtype).IsFloating();
}
