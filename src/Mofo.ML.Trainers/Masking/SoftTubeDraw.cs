namespace Mofo.ML.Trainers.Masking;

/// <summary>Draws tubes without a hard border: those with more motion are hidden more often.</summary>
/// <remarks>
/// floor(maskRatio * cells) tubes are drawn without replacement with weights exp(motion / temperature): the largest values
/// of motion / temperature plus Gumbel noise (Kool et al., arXiv 1903.06059). A high temperature is uniform, a low one hides motion first.
/// </remarks>
/// <param name="maskRatio">Share of all tubes to hide, in [0, 1).</param>
/// <param name="temperature">Above 0; at 0.5 a cell with a motion of 1 is e^2 = 7.4 times as likely to come first as one with 0.</param>
internal sealed class SoftTubeDraw(double maskRatio, double temperature)
{
    private readonly double _maskRatio = MaskRatios.Checked(maskRatio, nameof(maskRatio));
    private readonly double _temperature = temperature > 0 && double.IsFinite(temperature)
        ? temperature
        : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, Invariant($"temperature is {temperature}; it must be above 0."));

    /// <summary>Draws a mask.</summary>
    /// <param name="motion">Motion of every cell, in [0, 1].</param>
    /// <param name="random">The only source of chance.</param>
    public TubeMask Draw(ReadOnlySpan<double> motion, Random random)
    {
        var keys = new double[motion.Length];
        var cells = new int[motion.Length];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            cells[cell] = cell;

            // 1 - u is in (0, 1], so the inner logarithm is finite or 0 and the key at worst +infinity.
            var gumbel = -Math.Log(-Math.Log(1 - random.NextDouble()));
            keys[cell] = -((motion[cell] / _temperature) + gumbel);
        }

        Array.Sort(keys, cells);
        var masked = new bool[motion.Length];
        foreach (var cell in cells.AsSpan(0, PatchGrid.Share(_maskRatio, motion.Length)))
        {
            masked[cell] = true;
        }

        return new TubeMask(masked);
    }
}
