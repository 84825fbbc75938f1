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
            .GroupBy(answer => BinOf(answer.Confidence, bins))
            .Sum(bin => Math.Abs(bin.Sum(answer => answer.Confidence - (answer.IsRight ? 1 : 0)))) / answers.Count;
    }

    /// <summary>The bins that hold an answer.</summary>
    /// <param name="answers">As for <see cref="Error"/>.</param>
    /// <param name="bins">As for <see cref="Error"/>.</param>
    public static IReadOnlyList<CalibrationBin> Bins(IReadOnlyList<(double Confidence, bool IsRight)> answers, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        return [.. answers.GroupBy(answer => BinOf(answer.Confidence, bins)).OrderBy(bin => bin.Key).Select(bin => new CalibrationBin(
            bin.Key / (double)bins, (bin.Key + 1) / (double)bins, bin.Count(), bin.Average(answer => answer.Confidence), bin.Average(answer => answer.IsRight ? 1.0 : 0)))];
    }

    private static int BinOf(double confidence, int bins) => Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1);
}

/// <summary>Answers of about the same confidence.</summary>
/// <param name="From">Confidence, not included (but 0 in the first bin).</param>
/// <param name="To">Confidence, included.</param>
/// <param name="Videos">Answers.</param>
/// <param name="Confidence">Their mean confidence.</param>
/// <param name="Accuracy">The share of them that is right.</param>
internal sealed record CalibrationBin(double From, double To, int Videos, double Confidence, double Accuracy);
