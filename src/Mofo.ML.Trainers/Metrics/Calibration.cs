namespace Mofo.ML.Trainers.Metrics;

/// <summary>Whether probabilities come true as often as they say.</summary>
internal static class Calibration
{
    /// <summary>Expected calibration error over bins of equal width; NaN for no videos.</summary>
    /// <param name="answers">Confidence in [0, 1] and whether the answer was right.</param>
    /// <param name="bins">Number of bins; bin i takes (i/bins, (i+1)/bins], the first also 0.</param>
    public static double Error(IReadOnlyList<(double Confidence, bool IsRight)> answers, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (answers.Count == 0)
        {
            return double.NaN;
        }

        return answers
            .GroupBy(answer => Math.Clamp((int)Math.Ceiling(answer.Confidence * bins) - 1, 0, bins - 1))
            .Sum(bin => Math.Abs(bin.Sum(answer => answer.Confidence - (answer.IsRight ? 1 : 0)))) / answers.Count;
    }
}
