using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>What a finetuning run does with its weights beside the optimiser's steps: average them, validate them after every epoch, keep the best, stop in time.</summary>
/// <param name="model">The classifier in training.</param>
/// <param name="options">Average, validation, patience.</param>
/// <param name="validate">Figures of the model as it is, in evaluation mode; null where there are no rows to validate on.</param>
internal sealed class WeightProgress(VideoClassifier model, MofoFinetuningOptions options, Func<ValidationFigures>? validate) : IDisposable
{
    private readonly WeightAverage? _average = options.AverageDecay is { } decay ? new WeightAverage(model, decay) : null;
    private readonly BestWeights _best = new(model);
    private readonly EarlyStopping _stopping = new(options.Patience ?? int.MaxValue, options.StopOn == StoppingFigure.Accuracy);

    /// <summary>What a checkpoint must keep of it.</summary>
    public IReadOnlyList<ITrainingPart> Parts => _average is null ? [_best, _stopping] : [_average, _best, _stopping];

    /// <summary>After every step of the optimiser.</summary>
    public void AfterStep() => _average?.Update();

    /// <summary>After every epoch: the averages are what is validated and kept, where there are any.</summary>
    /// <remarks>All or nothing: if validation throws, weights, averages, best weights and patience are as they were, so that a checkpoint may be written.</remarks>
    public EpochOutcome AfterEpoch(int epoch)
    {
        if (validate is null)
        {
            return default;
        }

        var figures = _average is null ? Validated(validate) : _average.InPlace(() => Validated(validate));
        _ = _stopping.Report(FigureOf(figures));
        return new EpochOutcome(figures.Accuracy, _stopping.ShouldStop);
    }

    /// <summary>Validates the weights that are in place and keeps them if they are the best. An exception changes nothing.</summary>
    private ValidationFigures Validated(Func<ValidationFigures> figuresOf)
    {
        try
        {
            model.eval();
            var figures = figuresOf();
            _best.KeepIfBest(options.StopOn == StoppingFigure.Accuracy ? figures.Accuracy : -figures.Loss);
            return figures;
        }
        finally
        {
            Freezing.Train(model, options);
        }
    }

    private double FigureOf(ValidationFigures figures) => options.StopOn == StoppingFigure.Accuracy ? figures.Accuracy : figures.Loss;

    /// <summary>Puts the weights in place that the finished model has: the best epoch's, else the averages, else the last.</summary>
    public void Finish()
    {
        if (validate is not null)
        {
            _best.Restore();
        }
        else
        {
            _average?.PutInPlace();
        }

        model.eval();
    }

    public void Dispose()
    {
        _average?.Dispose();
        _best.Dispose();
    }
}
