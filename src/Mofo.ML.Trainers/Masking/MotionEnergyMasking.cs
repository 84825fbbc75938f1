using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Masking;

/// <summary>Tubes whose pixels change more from frame to frame are hidden more often (<see cref="SoftTubeDraw"/>); no motion box is needed.</summary>
/// <param name="maskRatio">Share of all tubes to hide, in [0, 1).</param>
/// <param name="temperature">Above 0.</param>
internal sealed class MotionEnergyMasking(double maskRatio, double temperature) : ITubeMasking
{
    private readonly SoftTubeDraw _tubes = new(maskRatio, temperature);

    /// <inheritdoc />
    public TubeMask Draw(PatchGrid grid, Clip clip, Random random) => _tubes.Draw(Energy(grid, clip), random);

    /// <summary>Motion energy of every cell, in [0, 1): (e - smallest e) / largest e, where e is the mean absolute difference of a cell's pixels between neighbouring frames.</summary>
    /// <remarks>
    /// The smallest is taken away because the noise of a recording is everywhere; the division is by the largest of what was measured, not of what is left, so that a clip of nothing but noise
    /// has small energies and an almost uniform draw. All 0 in a clip that stands still. The motion of the camera counts as motion.
    /// </remarks>
    public static double[] Energy(PatchGrid grid, Clip clip)
    {
        var energy = new double[grid.Cells];
        for (var t = 1; t < clip.Length; t++)
        {
            Add(grid, clip.Frame(t - 1), clip.Frame(t), clip.Width * 3, energy);
        }

        var (smallest, largest) = (energy.Min(), energy.Max());
        return largest == 0 ? energy : Array.ConvertAll(energy, e => (e - smallest) / largest);
    }

    /// <summary>Adds the absolute differences of two frames, cell by cell.</summary>
    private static void Add(PatchGrid grid, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int stride, Span<double> energy)
    {
        var width = grid.PatchPixels * 3;
        for (var y = 0; y < grid.Rows * grid.PatchPixels; y++)
        {
            for (var column = 0; column < grid.Columns; column++)
            {
                var start = (y * stride) + (column * width);
                var one = before.Slice(start, width);
                var other = after.Slice(start, width);
                var sum = 0;
                for (var i = 0; i < one.Length; i++)
                {
                    sum += Math.Abs(one[i] - other[i]);
                }

                energy[(y / grid.PatchPixels * grid.Columns) + column] += sum;
            }
        }
    }
}
