using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Training;

/// <summary>Passes a run's progress on: to ML.NET's progress channel, to the log once per epoch, to the user's IProgress.</summary>
internal sealed class TrainingReport : IDisposable
{
    private readonly StageHost _host;
    private readonly IProgressChannel _channel;
    private readonly IProgress<TrainingProgress>? _user;
    private volatile TrainingProgress? _last;

    public TrainingReport(StageHost host, string name, IProgress<TrainingProgress>? user)
    {
        (_host, _user, _channel) = (host, user, host.Progress(name));
        _channel.SetHeader(new ProgressHeader(["Loss", "Learning rate", "Clips per second"], ["epochs", "steps"]), Fill);
    }

    public void Report(TrainingProgress progress)
    {
        var epochEnded = _last is { } before && before.Epoch != progress.Epoch;
        if (epochEnded || progress.Step == progress.Steps)
        {
            var shown = epochEnded ? _last! : progress;
            _host.Info(
                $"{shown.Stage}: epoch {shown.Epoch} of {shown.Epochs}, loss {shown.Loss:0.0000}, rate {shown.LearningRate:0.00e+0}, " +
                $"{shown.ClipsPerSecond:0.0} clips/s, {shown.WaitedShare:0 %} waiting for clips, {shown.Remaining:hh\\:mm\\:ss} left.");
        }

        _last = progress;
        _user?.Report(progress);
    }

    public void Dispose() => _channel.Dispose();

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
