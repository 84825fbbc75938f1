using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>How well a classifier does on rows that it does not learn from.</summary>
/// <param name="Accuracy">Share of rows whose best class is their label; a video that cannot be read counts as wrong.</param>
/// <param name="Loss">Mean negative logarithm of the label's probability over the videos that could be read; NaN for none.</param>
internal readonly record struct ValidationFigures(double Accuracy, double Loss)
{
    /// <summary>A probability of 0 in single precision would be an infinite loss.</summary>
    private const double LeastProbability = 1e-12;

    public static ValidationFigures Of(IReadOnlyList<(ScoredRow Scored, int Label)> rows)
    {
        var read = rows.Where(row => row.Scored.Predicted > 0).ToList();
        return new(
            rows.Average(row => row.Scored.Predicted == row.Label + 1 ? 1.0 : 0),
            read.Select(row => -Math.Log(Math.Max(LeastProbability, row.Scored.Scores[row.Label]))).DefaultIfEmpty(double.NaN).Average());
    }
}
