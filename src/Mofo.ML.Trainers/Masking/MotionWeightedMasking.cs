using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Masking;

/// <summary>The soft variant of <see cref="MotionTubeMasking"/>: tubes with more motion are hidden more often, with no hard border at the box.</summary>
/// <remarks>
/// The motion of a cell is the share of its area that the boxes cover, averaged over the frames, so a cell where a moving box lingers counts more
/// than one that it brushes. floor(maskRatio * cells) tubes are drawn without replacement with weights exp(motion / temperature): the largest values
/// of motion / temperature plus Gumbel noise (Kool et al., arXiv 1903.06059). A high temperature is uniform, a low one hides motion first.
/// </remarks>
/// <param name="maskRatio">Share of all tubes to hide, in [0, 1).</param>
/// <param name="temperature">Above 0; at 0.5 a cell always covered is e^2 = 7.4 times as likely to come first as one never covered.</param>
internal sealed class MotionWeightedMasking(double maskRatio, double temperature) : ITubeMasking
{
    private readonly double _maskRatio = MaskRatios.Checked(maskRatio, nameof(maskRatio));
    private readonly double _temperature = temperature > 0 && double.IsFinite(temperature)
        ? temperature
        : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, Invariant($"temperature is {temperature}; it must be above 0."));

    /// <inheritdoc />
    public TubeMask Draw(PatchGrid grid, ReadOnlySpan<MotionBox> boxes, Random random)
    {
        var keys = new double[grid.Cells];
        var cells = new int[grid.Cells];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            cells[cell] = cell;

            // 1 - u is in (0, 1], so the inner logarithm is finite or 0 and the key at worst +infinity.
            var gumbel = -Math.Log(-Math.Log(1 - random.NextDouble()));
            keys[cell] = -((Coverage(grid, cell, boxes) / _temperature) + gumbel);
        }

        Array.Sort(keys, cells);
        var masked = new bool[grid.Cells];
        foreach (var cell in cells.AsSpan(0, PatchGrid.Share(_maskRatio, grid.Cells)))
        {
            masked[cell] = true;
        }

        return new TubeMask(masked);
    }

    private static double Coverage(PatchGrid grid, int cell, ReadOnlySpan<MotionBox> boxes)
    {
        if (boxes.IsEmpty)
        {
            return 0;
        }

        float side = grid.PatchPixels, x = cell % grid.Columns * side, y = cell / grid.Columns * side;
        var patch = new MotionBox(x, y, x + side, y + side);
        double covered = 0;
        foreach (var box in boxes)
        {
            covered += patch.Intersect(box).Area;
        }

        return covered / (patch.Area * boxes.Length);
    }
}
