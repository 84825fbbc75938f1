using Mofo.ML.Trainers.Model.Layers;

namespace Mofo.ML.Trainers.Weights;

/// <summary>What a weight file is loaded for: which names it must have and which of its names are left out.</summary>
/// <param name="IsRequired">Whether the file must have this tensor of the model.</param>
/// <param name="IsIgnored">Whether this tensor of the file (prefixes removed) is left out when the model has no place for it.</param>
/// <param name="ReplacesHead">Whether a head for other classes is left out instead of refused.</param>
internal sealed record WeightUse(Predicate<string> IsRequired, Predicate<string> IsIgnored, bool ReplacesHead)
{
    /// <summary>The same model again: every name on both sides must match.</summary>
    public static WeightUse Whole { get; } = new(_ => true, _ => false, ReplacesHead: false);

    /// <summary>A finetuned classifier again; layers of fusions other than the model's, which the original always saves untrained, are left out.</summary>
    public static WeightUse Classifier { get; } = new(_ => true, ParameterNames.IsFusion, ReplacesHead: false);

    /// <summary>
    /// A published network for scoring: every tensor of the network must be there; what only pretraining needs is left out, and so are the layers of fusions other than the
    /// network's and a head that it does not have.
    /// </summary>
    public static WeightUse Scoring { get; } = new(_ => true, name => IsOfPretraining(name) || name.StartsWith("head.", StringComparison.Ordinal) || ParameterNames.IsFusion(name), ReplacesHead: false);

    /// <summary>
    /// A pretrained encoder for a new task, by the original's rules: patch embedding and blocks are taken; the decoder is left out and so is the
    /// encoder's final norm, in whose place the classifier starts a fresh <c>fc_norm</c>; a head is taken only when it has the same classes.
    /// </summary>
    public static WeightUse Encoder { get; } = new(
        name => name.StartsWith("patch_embed.", StringComparison.Ordinal) || name.StartsWith("blocks.", StringComparison.Ordinal) || name is TokenRows.Buffer,
        name => IsOfPretraining(name) || name.StartsWith("norm.", StringComparison.Ordinal) || name.StartsWith("fc_norm.", StringComparison.Ordinal)
            || name.StartsWith("head.", StringComparison.Ordinal) || ParameterNames.IsFusion(name),
        ReplacesHead: true);

    private static bool IsOfPretraining(string name) =>
        name.StartsWith("decoder.", StringComparison.Ordinal) || name.StartsWith("encoder_to_decoder.", StringComparison.Ordinal) || name is "mask_token";
}
