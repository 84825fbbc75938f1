using Mofo.ML.Trainers;

namespace SmallWeights;

/// <summary>Writes the mean loss of every epoch.</summary>
internal sealed class EpochLines(TextWriter output) : IProgress<TrainingProgress>
{
    private readonly List<double> _losses = [];

    public void Report(TrainingProgress value)
    {
        _losses.Add(value.Loss);
        if (value.Step * value.Epochs >= value.Epoch * value.Steps)
        {
            output.WriteLine(FormattableString.Invariant($"epoch {value.Epoch} of {value.Epochs}: loss {_losses.Average():0.0000}, {value.ClipsPerSecond:0} clips/s"));
            _losses.Clear();
        }
    }
}
