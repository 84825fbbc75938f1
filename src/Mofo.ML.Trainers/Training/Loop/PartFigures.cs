namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>The figures of one batch as numbers: of this process's clips, or of all.</summary>
/// <param name="Clips">Clips that the means are over.</param>
/// <param name="Total">Mean loss.</param>
/// <param name="Inside">Part inside the motion box, NaN where there is none.</param>
/// <param name="Outside">Part outside it, NaN where there is none.</param>
/// <param name="Baseline">See <see cref="StepLoss.Baseline"/>.</param>
/// <param name="Floor">See <see cref="StepLoss.Floor"/>.</param>
internal readonly record struct PartFigures(int Clips, double Total, double Inside, double Outside, double Baseline, double Floor)
{
    private long InsideTokens { get; init; }

    private long OutsideTokens { get; init; }

    /// <summary>The figures of a loss; none where it is null.</summary>
    public static PartFigures Of(StepLoss? loss, int clips) => loss is { } part
        ? new(clips, part.Value, part.Inside.Read(), part.Outside.Read(), part.Baseline.Read(), part.Floor) { InsideTokens = part.InsideTokens, OutsideTokens = part.OutsideTokens }
        : new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The figures of the whole batch: every mean weighted by what it is over.</summary>
    public PartFigures Over(TrainingWorld world)
    {
        if (world.Size == 1)
        {
            return this;
        }

        Span<double> sums =
        [
            .. Weighted(Total, Clips), .. Weighted(Inside, InsideTokens), .. Weighted(Outside, OutsideTokens), .. Weighted(Baseline, Clips), .. Weighted(Floor, Clips), Clips,
        ];
        world.Sum(sums);
        return new((int)sums[10], sums[0] / sums[1], sums[2] / sums[3], sums[4] / sums[5], sums[6] / sums[7], sums[8] / sums[9]);
    }

    private static double[] Weighted(double value, double weight) => double.IsNaN(value) ? [0, 0] : [value * weight, weight];
}
