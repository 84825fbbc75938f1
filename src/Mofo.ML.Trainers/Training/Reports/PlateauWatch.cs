using System.Globalization;

namespace Mofo.ML.Trainers.Training.Reports;

/// <summary>Finds out whether a run learns nothing: whether its loss stays where a network stays that does not look at the clips.</summary>
/// <remarks>
/// The judgement is over the last <see cref="Window"/> steps and begins after the warm-up: share = (baseline - loss) / (baseline - floor), each a mean over these steps, must exceed
/// <see cref="SmallestShare"/>, and once it did not, <see cref="ShareThatEnds"/>. Baseline and floor are those of the same batches, so that label smoothing, mixing and the classes in a batch cancel.
/// </remarks>
/// <param name="steps">Steps of the run.</param>
/// <param name="warmupSteps">Steps of its warm-up.</param>
internal sealed class PlateauWatch(int steps, int warmupSteps)
{
    /// <summary>Part of the way from the baseline to the floor that counts as learning. Runs that learned had gone a tenth and more by then (docs/does-it-learn.md).</summary>
    public const double SmallestShare = 0.05;

    /// <summary>Part of the way after which a plateau that was found is over. More than <see cref="SmallestShare"/>: the mean of a window trembles around one limit, and every crossing would be another warning.</summary>
    public const double ShareThatEnds = 0.07;

    /// <summary>Steps without which nothing is said: fewer are noise.</summary>
    private const int FewestSteps = 10;

    private readonly Queue<(double Loss, double Baseline, double Floor)> _last = [];
    private (double Loss, double Baseline, double Floor) _sums;
    private bool _found;

    /// <summary>Steps that are judged together: a fifth of the run, 50 to 2,000.</summary>
    public int Window { get; } = Math.Clamp(steps / 5, 50, 2000);

    /// <summary>Takes one more step.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="loss">Loss of the step.</param>
    /// <param name="baseline">NaN where it is not known: then nothing is found.</param>
    /// <param name="floor">The lowest loss possible.</param>
    /// <returns>What was found; null while there is nothing to say.</returns>
    public Plateau? Add(int step, double loss, double baseline, double floor)
    {
        if (step <= warmupSteps)
        {
            return null;
        }

        Count((loss, baseline, floor), 1);
        _last.Enqueue((loss, baseline, floor));
        if (_last.Count > Window)
        {
            Count(_last.Dequeue(), -1);
        }

        var isTime = _last.Count == Window || (step == steps && _last.Count >= FewestSteps);
        _found = isTime && Share <= (_found ? ShareThatEnds : SmallestShare);
        return _found ? new Plateau(step, _last.Count, _sums.Loss / _last.Count, _sums.Baseline / _last.Count) : null;
    }

    private double Share => (_sums.Baseline - _sums.Loss) / Math.Max(1e-9 * _last.Count, _sums.Baseline - _sums.Floor);

    private void Count((double Loss, double Baseline, double Floor) step, int sign) =>
        _sums = (_sums.Loss + (sign * step.Loss), _sums.Baseline + (sign * step.Baseline), _sums.Floor + (sign * step.Floor));
}

/// <summary>A run that has learned nothing.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">How many of them were judged.</param>
/// <param name="Loss">Their mean loss.</param>
/// <param name="Baseline">The mean loss of a network that does not look at the clips.</param>
internal sealed record Plateau(int Step, int Steps, double Loss, double Baseline)
{
    /// <summary>In words, for the log and the user.</summary>
    /// <param name="stage">Name of the stage.</param>
    /// <param name="advice">What to change.</param>
    public string Describe(string stage, string advice) => string.Create(
        CultureInfo.InvariantCulture,
        $"{stage} has learned nothing so far: over the last {Steps} of {Step} steps the loss is {Loss:0.000}, and a network that does not look at the clips has {Baseline:0.000}. {advice} See docs/does-it-learn.md.");
}
