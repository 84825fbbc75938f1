using ActionRecognition.Pictures;
using ActionRecognition.Report;
using Mofo.ML.Trainers;

namespace ActionRecognition.Training;

/// <summary>Keeps the losses of both trainings and shows how far they are.</summary>
internal sealed class TrainingLog : IProgress<TrainingProgress>
{
    private readonly List<TrainingProgress> _steps = [];
    private Board? _board;

    /// <summary>Shows what follows on a board.</summary>
    public TrainingLog On(Board board)
    {
        _board = board;
        return this;
    }

    public void Report(TrainingProgress value)
    {
        _steps.Add(value);
        _board?.Tell(
            value.Stage, (double)value.Step / value.Steps,
            $"epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:0.000}, rate {value.LearningRate:0.0e+0}, {value.ClipsPerSecond:0} clips/s",
            value.Remaining);
    }

    /// <summary>The losses, one series per stage in the order of training.</summary>
    public IReadOnlyList<LossSeries> Losses() =>
    [
        .. _steps.GroupBy(step => step.Stage).Select(stage => new LossSeries(
            $"{stage.Key}: loss", [.. stage.Select(step => step.Loss)], Math.Max(1, stage.First().Steps / stage.First().Epochs))),
    ];

    /// <summary>In words: how far the loss of each stage fell from the first to the last epoch.</summary>
    public IEnumerable<string> Falls() => Losses().Select(series =>
    {
        var epochs = series.PerStep.Chunk(series.StepsPerEpoch).ToArray();
        return $"{series.Title} {epochs[0].Average():0.000} in the first epoch, {epochs[^1].Average():0.000} in the last of {epochs.Length}";
    });
}
