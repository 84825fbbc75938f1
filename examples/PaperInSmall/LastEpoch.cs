using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>The mean training loss of every epoch that this process saw.</summary>
internal sealed class LastEpoch : IProgress<TrainingProgress>
{
    private readonly List<List<double>> _losses = [];
    private int _epoch;

    /// <summary>Mean losses, oldest first.</summary>
    public IEnumerable<double> Epochs => _losses.Select(losses => losses.Average());

    /// <summary>Mean loss of the last epoch; not a number where nothing was trained.</summary>
    public double Mean => _losses.Count == 0 ? double.NaN : _losses[^1].Average();

    public void Report(TrainingProgress value)
    {
        if (value.Epoch != _epoch)
        {
            _epoch = value.Epoch;
            _losses.Add([]);
        }

        _losses[^1].Add(value.Loss);
    }
}
