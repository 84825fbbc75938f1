using Mofo.ML.Trainers.Training.Loop;

namespace Mofo.ML.Trainers.Training.Reports;

/// <summary>How fast a run goes, counted from the start of this process's part of it.</summary>
internal sealed class RunPace(string stage, TrainingPlan plan, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();
    private int _steps;
    private long _clips;
    private TimeSpan _waited;

    /// <summary>Counts a step.</summary>
    /// <param name="clips">Clips in it.</param>
    /// <param name="waited">Time waited for clips so far.</param>
    public void Add(int clips, TimeSpan waited) => (_steps, _clips, _waited) = (_steps + 1, _clips + clips, waited);

    /// <summary>Progress after a step, from 0.</summary>
    public TrainingProgress Progress(int epoch, int step, StepSums sums, double rate)
    {
        var elapsed = clock.GetElapsedTime(_started);
        return new TrainingProgress(
            stage, epoch + 1, plan.Epochs, step + 1, plan.Steps, sums.Total, sums.Inside, sums.Outside, rate,
            _clips / Math.Max(1e-9, elapsed.TotalSeconds),
            elapsed > TimeSpan.Zero ? _waited / elapsed : 0,
            elapsed / _steps * (plan.Steps - step - 1))
        {
            BaselineLoss = sums.Baseline,
        };
    }
}

/// <summary>A step as the log, the event files and the user get it.</summary>
/// <param name="Progress">What the user's <c>IProgress</c> gets.</param>
/// <param name="WeightDecay">Decay of this step.</param>
/// <param name="GradientNorm">Length of the gradient before clipping.</param>
/// <param name="LossFloor">See <see cref="Loop.StepLoss.Floor"/>.</param>
internal sealed record StepReport(TrainingProgress Progress, double WeightDecay, double GradientNorm, double LossFloor);
