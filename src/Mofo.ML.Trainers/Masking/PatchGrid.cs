using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Masking;

/// <summary>The square patches that a frame is cut into; a cell is one patch position, a tube is one cell through all time slices.</summary>
/// <remarks>Cell index = row * Columns + column. Token index = slice * Cells + cell, as in the original.</remarks>
/// <param name="Rows">Patches from top to bottom.</param>
/// <param name="Columns">Patches from left to right.</param>
/// <param name="PatchPixels">Side of a patch in pixels of the clip.</param>
internal readonly record struct PatchGrid(int Rows, int Columns, int PatchPixels)
{
    public int Cells => Rows * Columns;

    /// <summary>floor(ratio * count), but 0.29 * 100 is 29: a product that misses the next whole number by float rounding alone counts as it.</summary>
    public static int Share(double ratio, int count) => (int)Math.Floor((ratio * count) + (1e-9 * Math.Max(1, count)));

    /// <summary>Sets the cells that the box overlaps by any area; what lies outside the frame is ignored, other entries stay as they are.</summary>
    /// <param name="box">Pixels of the clip, half-open: a box that only touches a cell's edge does not overlap it.</param>
    /// <param name="cells">One entry per cell.</param>
    public void MarkOverlapped(MotionBox box, Span<bool> cells)
    {
        if (box.IsEmpty)
        {
            return;
        }

        var (firstRow, lastRow) = Overlapped(box.Y1, box.Y2, Rows);
        var (firstColumn, lastColumn) = Overlapped(box.X1, box.X2, Columns);
        for (var row = firstRow; row <= lastRow; row++)
        {
            for (var column = firstColumn; column <= lastColumn; column++)
            {
                cells[(row * Columns) + column] = true;
            }
        }
    }

    /// <summary>First and last patch that [from, to) overlaps; last is below first when none.</summary>
    private (int First, int Last) Overlapped(float from, float to, int patches)
    {
        // Clamped before the cast: a coordinate far outside the frame must not overflow an int.
        var first = Math.Clamp(MathF.Floor(from / PatchPixels), 0, patches);
        var end = Math.Clamp(MathF.Ceiling(to / PatchPixels), 0, patches);
        return ((int)first, (int)end - 1);
    }
}
