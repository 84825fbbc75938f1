using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Masking;

/// <summary>MOFO's masking: a fixed share of the tubes inside the motion box is hidden, the rest of the budget comes from outside.</summary>
/// <remarks>
/// With N cells, budget = floor(maskRatio * N) and n = cells that the box overlaps: floor(motionRatio * n) are hidden inside (never more than the
/// budget), the remainder outside, both uniformly. Where outside has too few cells, all of outside is hidden and the missing ones come from inside
/// (at 0.9, 0.75 and 14x14 that begins at n = 81), so the total is always the budget. The box is the union over the clip's frames.
/// The released code does something else, see docs/model-quirks.md.
/// </remarks>
/// <param name="maskRatio">Share of all tubes to hide, in [0, 1); the paper's 0.9.</param>
/// <param name="motionRatio">Share of the tubes inside the motion box to hide, in [0, 1); the paper's 0.75.</param>
internal sealed class MotionTubeMasking(double maskRatio, double motionRatio) : IBoxMasking
{
    private readonly double _maskRatio = MaskRatios.Checked(maskRatio, nameof(maskRatio));
    private readonly double _motionRatio = MaskRatios.Checked(motionRatio, nameof(motionRatio));

    /// <summary>How many tubes are hidden inside and outside a box that overlaps <paramref name="inside"/> of the cells.</summary>
    public (int Inside, int Outside) Counts(int cells, int inside)
    {
        var budget = PatchGrid.Share(_maskRatio, cells);
        var wanted = Math.Min(budget, PatchGrid.Share(_motionRatio, inside));
        var outside = Math.Min(budget - wanted, cells - inside);
        return (budget - outside, outside);
    }

    /// <inheritdoc />
    public TubeMask Draw(PatchGrid grid, ReadOnlySpan<MotionBox> boxes, Random random)
    {
        var union = MotionBox.Empty;
        foreach (var box in boxes)
        {
            union = union.Union(box);
        }

        var inBox = new bool[grid.Cells];
        grid.MarkOverlapped(union, inBox);
        var (inside, outside) = Split(inBox);
        var counts = Counts(grid.Cells, inside.Length);

        var masked = new bool[grid.Cells];
        MaskRatios.MaskSome(masked, inside, counts.Inside, random);
        MaskRatios.MaskSome(masked, outside, counts.Outside, random);
        return new TubeMask(masked);
    }

    private static (int[] Inside, int[] Outside) Split(ReadOnlySpan<bool> inBox)
    {
        var split = new TubeMask(inBox);
        return (split.Masked.ToArray(), split.Visible.ToArray());
    }
}
