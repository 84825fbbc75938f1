namespace Mofo.ML.Trainers.Masking;

/// <summary>VideoMAE V2's decoder masking: the decoder reconstructs only a part of the hidden tubes, spread evenly and shifted from slice to slice.</summary>
/// <remarks>
/// Wang et al., VideoMAE V2 (arXiv 2303.16727), section 3.2: a cell of neighbouring patches keeps a fixed number of its members, and which members
/// runs on with time. Here: of the hidden tubes in scan order, slice t keeps those whose (position + t) falls on the kept residues, which gives every
/// slice the same number and, over the slices, every tube its turn.
/// </remarks>
/// <param name="keepRatio">Share of the hidden tokens that the decoder reconstructs, in (0, 1]; VideoMAE V2 uses 0.5.</param>
internal sealed class RunningCellMasking(double keepRatio)
{
    private readonly double _keepRatio = keepRatio is > 0 and <= 1
        ? keepRatio
        : throw new ArgumentOutOfRangeException(nameof(keepRatio), keepRatio, Invariant($"keepRatio is {keepRatio}; it must be in (0, 1]."));

    /// <summary>Tokens that the decoder reconstructs from one clip's mask: the same number for every clip of one grid.</summary>
    public int TokensFor(TubeMask mask, int slices) => slices * Kept(mask.Masked.Length);

    /// <summary>Writes the token indices to reconstruct, ascending.</summary>
    /// <param name="mask">The clip's hidden tubes.</param>
    /// <param name="slices">Time slices of the clip.</param>
    /// <param name="tokens">Room for <see cref="TokensFor"/> values.</param>
    public void WriteTokens(TubeMask mask, int slices, Span<long> tokens)
    {
        var hidden = mask.Masked.Length;
        var kept = Kept(hidden);
        var written = 0;
        for (var slice = 0; slice < slices; slice++)
        {
            for (var i = 0; i < hidden; i++)
            {
                // Bresenham's rule: exactly `kept` of any `hidden` consecutive positions, as evenly as whole numbers allow.
                var turn = (i + slice) % hidden;
                if ((long)(turn + 1) * kept / hidden != (long)turn * kept / hidden)
                {
                    tokens[written++] = ((long)slice * mask.Cells) + mask.Masked[i];
                }
            }
        }
    }

    private int Kept(int hidden) => hidden == 0 ? 0 : Math.Max(1, PatchGrid.Share(_keepRatio, hidden));
}
