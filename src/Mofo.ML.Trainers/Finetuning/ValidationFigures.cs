using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>How well a classifier does on rows that it does not learn from.</summary>
/// <param name="Accuracy">Share of rows whose best class is their label; a video that cannot be read counts as wrong.</param>
/// <param name="Loss">Mean negative logarithm of the label's probability over the videos that could be read; NaN for none.</param>
internal readonly record struct ValidationFigures(double Accuracy, double Loss)
{
    public static ValidationFigures Of(IReadOnlyList<(ScoredRow Scored, int Label)> rows) => Of([.. rows.Select(row => ValidatedRow.Of(row.Scored, row.Label))]);

    public static ValidationFigures Of(IReadOnlyList<ValidatedRow> rows) => new(
        rows.Average(row => row.IsRight ? 1.0 : 0),
        rows.Where(row => row.WasRead).Select(row => row.Loss).DefaultIfEmpty(double.NaN).Average());
}
