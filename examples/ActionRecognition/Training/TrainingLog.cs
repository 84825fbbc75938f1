using ActionRecognition.Pictures;
using Mofo.ML.Cli.Output;
using Mofo.ML.Trainers;

namespace ActionRecognition.Training;

/// <summary>Keeps the losses of one training and shows how far it is.</summary>
internal sealed class TrainingLog(string title, ProgressBoard board) : IProgress<TrainingProgress>
{
    private readonly List<TrainingProgress> _steps = [];

    public void Report(TrainingProgress value)
    {
        _steps.Add(value);
        board.Tell(
            title, (double)value.Step / value.Steps,
            $"epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:0.000}, rate {value.LearningRate:0.0e+0}, {value.ClipsPerSecond:0} clips/s",
            value.Remaining);
    }

    /// <summary>The losses as a curve.</summary>
    public LossSeries Losses() => new($"{title}: loss", [.. _steps.Select(step => step.Loss)], Math.Max(1, _steps[0].Steps / _steps[0].Epochs));

    /// <summary>In words: how far the loss fell from the first to the last epoch.</summary>
    public string Fall()
    {
        var (series, epochs) = (Losses(), Losses().PerStep.Chunk(Losses().StepsPerEpoch).ToArray());
        return $"{series.Title} {epochs[0].Average():0.000} in the first epoch, {epochs[^1].Average():0.000} in the last of {epochs.Length}";
    }
}
