namespace Mofo.ML.Reliability.Summary;

/// <summary>Something that went wrong.</summary>
/// <param name="Kind">Findings with the same kind have the same cause, most likely.</param>
/// <param name="Index">Number of the input.</param>
/// <param name="Detail">For people.</param>
internal sealed record Finding(string Kind, long Index, string Detail)
{
    /// <summary>In the first of a kind: how many there were.</summary>
    public long Count { get; set; } = 1;
}
