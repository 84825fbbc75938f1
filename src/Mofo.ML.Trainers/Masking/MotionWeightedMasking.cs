using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Masking;

/// <summary>The soft variant of <see cref="MotionTubeMasking"/>: tubes that the motion boxes cover are hidden more often (<see cref="SoftTubeDraw"/>).</summary>
/// <remarks>
/// The motion of a cell is the share of its area that the boxes cover, averaged over the frames, so a cell where a moving box lingers counts more
/// than one that it brushes.
/// </remarks>
/// <param name="maskRatio">Share of all tubes to hide, in [0, 1).</param>
/// <param name="temperature">Above 0.</param>
internal sealed class MotionWeightedMasking(double maskRatio, double temperature) : IBoxMasking
{
    private readonly SoftTubeDraw _tubes = new(maskRatio, temperature);

    /// <inheritdoc />
    public TubeMask Draw(PatchGrid grid, ReadOnlySpan<MotionBox> boxes, Random random)
    {
        var motion = new double[grid.Cells];
        for (var cell = 0; cell < motion.Length; cell++)
        {
            motion[cell] = Coverage(grid, cell, boxes);
        }

        return _tubes.Draw(motion, random);
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
