using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Scores the validation rows with the model as it is. Their views are kept in memory as far as the options allow, so that later epochs decode nothing.</summary>
internal sealed class Validation
{
    private readonly StageHost _host;
    private readonly StageTask _task;
    private readonly IReadOnlyList<TrainingRow> _rows;
    private readonly int _classes;
    private readonly ViewScorer _scorer;
    private readonly ClassProbabilities _probabilities;
    private readonly MofoRunOptions _run;
    private readonly TrainingWorld _world;

    /// <param name="host">Gets a warning for each video that cannot be read, once.</param>
    /// <param name="rows">At least one, with labels.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="model">The classifier in training.</param>
    /// <param name="options">Views, memory, batch, limits of videos, cancellation.</param>
    /// <param name="device">Where the model is.</param>
    public Validation(StageHost host, IReadOnlyList<TrainingRow> rows, int classes, VideoClassifier model, MofoFinetuningOptions options, Device device)
    {
        (_host, _rows, _classes, _world) = (host, rows, classes, options.WorldInForce);
        _run = new MofoRunOptions { CancellationToken = options.CancellationToken, VideoLimits = options.VideoLimits };
        _task = new StageTask("Validation", "scores", options.OnBadVideo);
        var views = new RememberedViews(options.ValidationViews with { MakePixels = DevicePixels.MakerFor(device) }, (long)options.ValidationMemory << 20);
        _scorer = new ViewScorer(views, options.ScoringBatchSize, options.DecodeThreadsInForce);
        _probabilities = new ClassProbabilities(model, options.Model, device);
    }

    /// <summary>How well the model does; it must be in evaluation mode.</summary>
    /// <exception cref="Mofo.ML.Transforms.VideoException">A video cannot be read and <c>OnBadVideo</c> is <c>Throw</c>.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    /// <exception cref="RankFailedException">Another process that validates its share failed.</exception>
    public ValidationFigures Validate() => ValidationFigures.Of(ValidatedRow.Gather(_world, _rows.Count, _world.Together(ValidateShare)));

    /// <summary>This process's rows: each keeps the views of the same videos in memory from epoch to epoch.</summary>
    private List<ValidatedRow> ValidateShare()
    {
        var share = _rows.Where((_, i) => i % _world.Size == _world.Rank).ToList();
        var rows = share.Select(row => new VideoRow(row.Source.Row ?? 0, row.Source.VideoPath, row.Source.MotionBoxes.ToArray()));
        using var pass = new StagePass(_host, _task, _run, new VideoCount());
        var scored = _scorer.Score(rows, pass, TorchViews.Rows(_probabilities.Of)).Select(scores => ScoredRow.Of(scores, _classes));
        return [.. scored.Zip(share, (found, row) => ValidatedRow.Of(found, row.Label))];
    }
}
