namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>A value per training step: linear warm-up, then half a cosine down (or up) to the final value. Pure.</summary>
/// <remarks>
/// As the original: the warm-up reaches the peak in its last step, the cosine starts at the peak again and only tends to the final value.
/// Steps past the end keep the final value.
/// </remarks>
internal sealed class Schedule
{
    private readonly double[] _values;
    private readonly double _final;

    private Schedule(double[] values, double final)
    {
        _values = values;
        _final = final;
    }

    /// <summary>Steps that the schedule covers.</summary>
    public int Length => _values.Length;

    /// <summary>The value at a step, from 0.</summary>
    public double this[long step] => step < _values.Length ? _values[step] : _final;

    /// <summary>Warm-up from <paramref name="start"/> to <paramref name="peak"/>, then cosine to <paramref name="final"/>.</summary>
    /// <param name="peak">Value at the end of the warm-up.</param>
    /// <param name="final">Value that the cosine tends to.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="warmUp">Steps of warm-up, at most <paramref name="steps"/>.</param>
    /// <param name="start">Value of the first warm-up step.</param>
    public static Schedule Cosine(double peak, double final, int steps, int warmUp = 0, double start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (warmUp < 0 || warmUp > steps)
        {
            throw new ArgumentOutOfRangeException(nameof(warmUp), warmUp, Invariant($"The warm-up is {warmUp} steps; it must be from 0 to all {steps} steps of training."));
        }

        var values = new double[steps];
        for (var step = 0; step < warmUp; step++)
        {
            values[step] = warmUp == 1 ? start : start + ((peak - start) * step / (warmUp - 1));
        }

        var descent = steps - warmUp;
        for (var step = 0; step < descent; step++)
        {
            values[warmUp + step] = final + (0.5 * (peak - final) * (1 + Math.Cos(Math.PI * step / descent)));
        }

        return new Schedule(values, final);
    }
}
