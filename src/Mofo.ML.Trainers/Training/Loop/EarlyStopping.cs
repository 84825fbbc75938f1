using Mofo.ML.Trainers.Training.Checkpoints;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>Says when a figure has not improved for too long.</summary>
/// <param name="patience">Evaluations without improvement that are tolerated; the next one stops.</param>
/// <param name="higherIsBetter">True for accuracies, false for losses.</param>
/// <param name="smallestGain">Improvement below this does not count.</param>
internal sealed class EarlyStopping(int patience, bool higherIsBetter, double smallestGain = 0) : ITrainingPart
{
    /// <summary>The best figure so far; null before the first.</summary>
    public double? Best { get; private set; }

    /// <summary>Evaluations since the best one.</summary>
    public int SinceBest { get; private set; }

    /// <summary>Whether training should end.</summary>
    public bool ShouldStop => SinceBest > patience;

    public string Name => "early_stopping";

    public IEnumerable<(string Name, Tensor Value)> Tensors => [];

    public IEnumerable<(string Name, double Value)> Numbers =>
        Best is { } best ? [("best", best), ("since_best", SinceBest)] : [("since_best", SinceBest)];

    public void Resume(IReadOnlyDictionary<string, double> numbers) =>
        (Best, SinceBest) = (numbers.TryGetValue("best", out var best) ? best : null, (int)numbers.GetValueOrDefault("since_best"));

    /// <summary>Takes the figure of one more evaluation. NaN never improves.</summary>
    /// <returns>Whether it is the best so far.</returns>
    public bool Report(double figure)
    {
        var improved = !double.IsNaN(figure)
            && (Best is not { } best || (higherIsBetter ? figure > best + smallestGain : figure < best - smallestGain));
        if (improved)
        {
            Best = figure;
            SinceBest = 0;
        }
        else
        {
            SinceBest++;
        }

        return improved;
    }
}
