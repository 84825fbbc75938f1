namespace Mofo.ML.Trainers;

/// <summary>A weight file (<c>.safetensors</c>, <c>.pth</c>, a checkpoint) is damaged, hostile or of a kind that cannot be read.</summary>
/// <remarks>The message names the file, the tensor where there is one, what was found and what was expected.</remarks>
public sealed class WeightFileException : Exception
{
    internal WeightFileException(string file, string? tensor, string found, string expected, Exception? inner = null)
        : base(Describe(file, tensor, found, expected), inner)
    {
        File = file;
        Tensor = tensor;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file, or the entry of a saved model, that could not be read.</summary>
    public string File { get; }

    /// <summary>The tensor at which reading stopped; null when the file as a whole is wrong.</summary>
    public string? Tensor { get; }

    /// <summary>What the file holds.</summary>
    public string Found { get; }

    /// <summary>What a good file would hold.</summary>
    public string Expected { get; }

    private static string Describe(string file, string? tensor, string found, string expected)
    {
        var place = tensor is null ? $"Weight file '{file}'" : $"Weight file '{file}', tensor '{tensor}'";
        return $"{place}: found {found}; expected {expected}.";
    }
}
