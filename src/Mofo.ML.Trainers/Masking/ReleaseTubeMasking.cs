using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Masking;

/// <summary>What MOFO's released code draws, including its mistakes, for comparing with its figures; never the default.</summary>
/// <remarks>
/// It looks at the first frame's box only; compares a patch's row with x and its column with y; counts a patch as inside where either hits, mere
/// touching included (so the set is a cross); and draws the remainder from the first patches, as many as are to be hidden, wherever they lie. Its
/// numpy generator, reseeded before every draw, is not repeated: counts compare, patterns do not. See docs/model-quirks.md.
/// </remarks>
/// <param name="maskRatio">Share of all tubes to hide, in [0, 1).</param>
/// <param name="motionRatio">Share of its inside set to hide first, in [0, 1).</param>
internal sealed class ReleaseTubeMasking(double maskRatio, double motionRatio) : IBoxMasking
{
    private readonly double _maskRatio = MaskRatios.Checked(maskRatio, nameof(maskRatio));
    private readonly double _motionRatio = MaskRatios.Checked(motionRatio, nameof(motionRatio));

    /// <summary>The patches that the release takes for the inside of a box, ascending.</summary>
    public static int[] InsideOf(PatchGrid grid, MotionBox box) => [.. Enumerable.Range(0, grid.Cells).Where(cell =>
        Touches(cell / grid.Columns, box.X1, box.X2, grid.PatchPixels) || Touches(cell % grid.Columns, box.Y1, box.Y2, grid.PatchPixels))];

    /// <inheritdoc />
    public TubeMask Draw(PatchGrid grid, ReadOnlySpan<MotionBox> boxes, Random random)
    {
        var budget = PatchGrid.Share(_maskRatio, grid.Cells);
        var inside = boxes.IsEmpty ? [] : InsideOf(grid, boxes[0]);
        var masked = new bool[grid.Cells];
        var drawn = Math.Min(budget, PatchGrid.Share(_motionRatio, inside.Length));
        MaskRatios.MaskSome(masked, inside, drawn, random);
        MaskRatios.MaskSome(masked, Enumerable.Range(0, budget).Where(cell => !masked[cell]).ToArray(), budget - drawn, random);
        return new TubeMask(masked);
    }

    private static bool Touches(int patch, float from, float to, int side) => patch * side <= to && (patch + 1) * side >= from;
}
