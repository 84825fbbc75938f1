using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Training.Reports;

/// <summary>Passes a run's progress on: to ML.NET's progress channel, to the log once per epoch, to event files, to the user's IProgress.</summary>
internal sealed class RunReport : IDisposable
{
    private readonly StageHost _host;
    private readonly IProgressChannel _channel;
    private readonly IProgress<TrainingProgress>? _user;
    private readonly TensorBoardEvents? _events;
    private volatile TrainingProgress? _last;

    /// <param name="host">Log and progress channel.</param>
    /// <param name="stage"><c>pretraining</c> or <c>finetuning</c>.</param>
    /// <param name="options">Where else to report to.</param>
    /// <param name="firstStep">Steps that are over already.</param>
    public RunReport(StageHost host, string stage, MofoTrainingOptions options, int firstStep)
    {
        (_host, _user) = (host, options.Progress);
        _events = options.TensorBoardFolder is { } folder ? new TensorBoardEvents(Path.Combine(folder, stage), TimeProvider.System, firstStep) : null;
        _channel = host.Progress(stage);
        _channel.SetHeader(new ProgressHeader(["Loss", "Learning rate", "Clips per second"], ["epochs", "steps"]), Fill);
    }

    public void Report(StepReport step)
    {
        var progress = step.Progress;
        var epochEnded = _last is { } before && before.Epoch != progress.Epoch;
        if (epochEnded || progress.Step == progress.Steps)
        {
            var shown = epochEnded ? _last! : progress;
            _host.Info(
                $"{shown.Stage}: epoch {shown.Epoch} of {shown.Epochs}, loss {shown.Loss:0.0000}, rate {shown.LearningRate:0.00e+0}, " +
                $"{shown.ClipsPerSecond:0.0} clips/s, {shown.WaitedShare:0 %} waiting for clips, {shown.Remaining:hh\\:mm\\:ss} left.");
        }

        _last = progress;
        WriteEvents(step);
        _user?.Report(progress);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _events?.Dispose();
    }

    private void WriteEvents(StepReport step)
    {
        if (_events is null)
        {
            return;
        }

        var now = step.Progress;
        Write("loss", now.Loss);
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
