namespace Mofo.ML.Trainers;

/// <summary>The part of a batch that one process computes.</summary>
/// <remarks>
/// Mixup joins each clip with the one at the mirrored place of the batch (see Mixup), so a process takes clips from the front together with their mirror images: then its own clips,
/// in order, are each other's partners too, and nothing but gradients has to travel.
/// </remarks>
/// <param name="Total">Clips in the batch of all processes together.</param>
/// <param name="Places">The places in it that are computed here, ascending.</param>
internal sealed record BatchShare(int Total, IReadOnlyList<int> Places)
{
    /// <summary>Whether this process computes the whole batch; if not, draws for the clips of other processes must be skipped.</summary>
    public bool IsWhole => Places.Count == Total;

    /// <summary>A rank's share of a batch: as many mirrored pairs as any other rank has, or one more.</summary>
    public static BatchShare Of(int total, int rank, int size)
    {
        var pairs = (total + 1L) / 2;
        var (first, end) = ((int)(pairs * rank / size), (int)(pairs * (rank + 1) / size));
        var front = Enumerable.Range(first, end - first);
        var mirrored = front.Reverse().Select(place => total - 1 - place);
        return new(total, [.. front.Union(mirrored)]);
    }

    /// <summary>The same share where every item becomes several neighbouring ones: videos to clips.</summary>
    public BatchShare Times(int count) => new(Total * count, [.. Places.SelectMany(place => Enumerable.Range(place * count, count))]);
}
