using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Masking;

/// <summary>VideoMAE's tube masking: floor(ratio * cells) tubes, uniformly; motion plays no part.</summary>
/// <param name="maskRatio">Share of the tubes to hide, in [0, 1).</param>
internal sealed class RandomTubeMasking(double maskRatio) : IBoxMasking
{
    private readonly double _maskRatio = MaskRatios.Checked(maskRatio, nameof(maskRatio));

    /// <inheritdoc />
    public TubeMask Draw(PatchGrid grid, ReadOnlySpan<MotionBox> boxes, Random random)
    {
        var masked = new bool[grid.Cells];
        MaskRatios.MaskSome(masked, Enumerable.Range(0, grid.Cells).ToArray(), PatchGrid.Share(_maskRatio, grid.Cells), random);
        return new TubeMask(masked);
    }
}

/// <summary>What the maskings share: the range of a ratio, the ratio that suits a grid, and the draw without replacement.</summary>
internal static class MaskRatios
{
    private const double Smallest = 0.5, Largest = 0.9;

    /// <summary>Visible tubes of VideoMAE's 14 x 14 at 0.9.</summary>
    private const double VisibleTubes = (1 - Largest) * 14 * 14;

    /// <summary>The ratio that leaves as many tubes visible as VideoMAE does, within [0.5, 0.9].</summary>
    public static double Suited(int cells) => Math.Clamp(1 - (VisibleTubes / cells), Smallest, Largest);

    public static double Checked(double ratio, string name) =>
        ratio is >= 0 and < 1 ? ratio : throw new ArgumentOutOfRangeException(name, ratio, Invariant($"{name} is {ratio}; it must be in [0, 1)."));

    /// <summary>Masks <paramref name="count"/> of the candidates, each subset being equally likely; reorders the candidates.</summary>
    public static void MaskSome(Span<bool> masked, Span<int> candidates, int count, Random random)
    {
        // The first steps of a Fisher-Yates shuffle: a draw without replacement that costs no more than its size.
        for (var i = 0; i < count; i++)
        {
            var drawn = random.Next(i, candidates.Length);
            (candidates[i], candidates[drawn]) = (candidates[drawn], candidates[i]);
            masked[candidates[i]] = true;
        }
    }
}
