using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Training.Reports;

/// <summary>Passes a run's progress on: to ML.NET's progress channel, to the log once per epoch, to event files, to the user's IProgress.</summary>
internal sealed class RunReport : IDisposable
{
    private readonly StageHost _host;
    private readonly IProgressChannel _channel;
    private readonly IProgress<TrainingProgress>? _user;
    private readonly TensorBoardEvents? _events;
    private readonly PlateauWatch _watch;
    private readonly string _advice;
    private volatile TrainingProgress? _last;
    private string? _plateau;

    /// <param name="host">Log and progress channel.</param>
    /// <param name="stage"><c>pretraining</c> or <c>finetuning</c>.</param>
    /// <param name="options">Where else to report to.</param>
    /// <param name="plan">Steps of the run and of its warm-up.</param>
    /// <param name="advice">What to change where the run learns nothing, in sentences.</param>
    /// <param name="firstStep">Steps that are over already.</param>
    public RunReport(StageHost host, string stage, MofoTrainingOptions options, TrainingPlan plan, string advice, int firstStep)
    {
        (_host, _user, _advice) = (host, options.Progress, advice);
        _watch = new PlateauWatch(plan.Steps, plan.WarmupSteps);
        _events = options.TensorBoardFolder is { } folder ? TensorBoardEvents.Open(Path.Combine(folder, stage), TimeProvider.System, host.Warning, firstStep) : null;
        _channel = host.Progress(stage);
        _channel.SetHeader(new ProgressHeader(["Loss", "Learning rate", "Clips per second"], ["epochs", "steps"]), Fill);
    }

    public void Report(StepReport step)
    {
        Watch(step);
        var progress = step.Progress with { Plateau = _plateau };
        var epochEnded = _last is { } before && before.Epoch != progress.Epoch;
        if (epochEnded || progress.Step == progress.Steps)
        {
            var shown = epochEnded ? _last! : progress;
            _host.Info(
                Invariant($"{shown.Stage}: epoch {shown.Epoch} of {shown.Epochs}, loss {shown.Loss:0.0000}, rate {shown.LearningRate:0.00e+0}, ") +
                Invariant($"{shown.ClipsPerSecond:0.0} clips/s, {shown.WaitedShare:0 %} waiting for clips, {Clock(shown.Remaining)} left."));
        }

        _last = progress;
        WriteEvents(step with { Progress = progress });
        _user?.Report(progress);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _events?.Dispose();
    }

    /// <summary>Hours, minutes and seconds. Hours go on counting after a day.</summary>
    private static string Clock(TimeSpan time) => Invariant($"{(long)time.TotalHours:00}:{time:mm\\:ss}");

    /// <summary>A step may be reported twice, the second time with the figures of its epoch; it counts once.</summary>
    private void Watch(StepReport step)
    {
        var now = step.Progress;
        if (_last?.Step == now.Step)
        {
            return;
        }

        var before = _plateau;
        var found = _watch.Add(now.Step, now.Loss, now.BaselineLoss, step.LossFloor);
        _plateau = found?.Describe(now.Stage, _advice);
        if (_plateau is not null && (before is null || now.Step == now.Steps))
        {
            _host.Warning(_plateau);
        }
    }

    private void WriteEvents(StepReport step)
    {
        if (_events is null)
        {
            return;
        }

        var now = step.Progress;
        Write("loss", now.Loss);
        Write("loss_baseline", now.BaselineLoss);
        Write("loss_inside_box", now.LossInside);
        Write("loss_outside_box", now.LossOutside);
        Write("learning_rate", now.LearningRate);
        Write("weight_decay", step.WeightDecay);
        Write("gradient_norm", step.GradientNorm);
        Write("clips_per_second", now.ClipsPerSecond);
        Write("validation_accuracy", now.ValidationAccuracy ?? double.NaN);

        void Write(string tag, double value)
        {
            if (!double.IsNaN(value))
            {
                _events.AddScalar(tag, value, now.Step);
            }
        }
    }

    private void Fill(IProgressEntry entry)
    {
        if (_last is { } now)
        {
            entry.SetMetric(0, now.Loss);
            entry.SetMetric(1, now.LearningRate);
            entry.SetMetric(2, now.ClipsPerSecond);
            entry.SetProgress(0, now.Epoch, now.Epochs);
            entry.SetProgress(1, now.Step, now.Steps);
        }
    }
}
