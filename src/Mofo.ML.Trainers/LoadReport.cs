using System.Globalization;
using System.Text;

namespace Mofo.ML.Trainers;

/// <summary>What became of every tensor of a weight file and of every tensor of the model it was loaded into, by name.</summary>
/// <remarks>Names of the file are as the file has them; names of the model are the original's (<c>blocks.0.attn.qkv.weight</c>).</remarks>
public sealed class LoadReport
{
    internal LoadReport(string file) => File = file;

    /// <summary>The file the weights came from.</summary>
    public string File { get; }

    /// <summary>Tensors of the model that now hold values from the file.</summary>
    public IReadOnlyList<string> Loaded { get; internal init; } = [];

    /// <summary>Tensors of the model that the file need not have, such as a new head; they keep their initial values.</summary>
    public IReadOnlyList<string> LeftAtInitialValues { get; internal init; } = [];

    /// <summary>Tensors of the model that the file should have and does not.</summary>
    public IReadOnlyList<string> Missing { get; internal init; } = [];

    /// <summary>Tensors of the file that the model has no place for and that no rule explains.</summary>
    public IReadOnlyList<string> Unexpected { get; internal init; } = [];

    /// <summary>Tensors whose shape or kind differs: name, what was found, what was expected.</summary>
    public IReadOnlyList<string> WrongShape { get; internal init; } = [];

    /// <summary>Tensors of the file that this use leaves out by rule, such as the decoder when a classifier is built.</summary>
    public IReadOnlyList<string> Ignored { get; internal init; } = [];

    /// <summary>What else there is to say, in sentences: a head for other classes that was left out, positions that were brought to another size, what kind of network a file that does not fit belongs to.</summary>
    public IReadOnlyList<string> Remarks { get; internal init; } = [];

    /// <summary>Whether everything found its place: nothing missing, unexpected or of a wrong shape.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count + WrongShape.Count == 0;

    /// <summary>The report as one paragraph; empty lists are left out.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Weights from '{File}': {Loaded.Count} tensors loaded.");
        Append(text, "Missing", Missing, ", ");
        Append(text, "Of another shape", WrongShape, "; ");
        Append(text, "Unexpected", Unexpected, ", ");
        Append(text, "Left at initial values", LeftAtInitialValues, ", ");
        Append(text, "Ignored", Ignored, ", ");
        foreach (var remark in Remarks)
        {
            text.Append(' ').Append(remark);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, IReadOnlyList<string> names, string separator)
    {
        if (names.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" {title} ({names.Count}): {string.Join(separator, names)}.");
        }
    }
}
