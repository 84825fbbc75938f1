using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Trainers.Training.Reports;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>Order and disposal of training, for pretraining and finetuning alike.</summary>
/// <remarks>The position moves on together with the weights, so that at any exception the two still belong together and can be saved.</remarks>
/// <param name="setup">What to train, and how.</param>
/// <param name="checkpoints">Where the state is saved; null for nowhere.</param>
/// <param name="report">Told about every step.</param>
/// <param name="clock">Measures the pace.</param>
internal sealed class TrainingLoop<TClip>(TrainingSetup<TClip> setup, RunCheckpoints? checkpoints, Action<StepReport> report, TimeProvider clock)
    where TClip : ITrainingClip
{
    private readonly TrainingPlan _plan = setup.Plan;
    private readonly RunPace _pace = new(setup.Stage, setup.Plan, clock);
    private readonly Queue<StepReading> _unread = [];
    private RunPosition _position;
    private StepReport? _last;

    /// <summary>Trains from a position to the end.</summary>
    /// <param name="feed">The clips from there on.</param>
    /// <param name="from">Where the run starts or goes on.</param>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the last whole step is in a checkpoint.</exception>
    public void Run(ClipFeed<TClip> feed, RunPosition from)
    {
        _position = from;
        try
        {
            while (_position.Epoch < _plan.Epochs && !_position.Stopped)
            {
                if (feed.HasMore(_position.Epoch))
                {
                    Step(feed);
                }
                else
                {
                    EndEpochOf(feed);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or VideoException)
        {
            ReadAll(reportLast: true);
            checkpoints?.Save(_position);
            throw;
        }
        finally
        {
            while (_unread.TryDequeue(out var reading))
            {
                reading.Dispose();
            }
        }
    }

    private void Step(ClipFeed<TClip> feed)
    {
        setup.Options.CancellationToken.ThrowIfCancellationRequested();
        var step = _position.Step;
        var reading = new StepReading(setup.Stage, _position.Epoch, step);
        try
        {
            Accumulate(feed, reading);
            setup.GradientExchange?.Average();
            Move(step, reading);
        }
        catch
        {
            reading.Dispose();
            throw;
        }

        setup.Optimizer.ClearGradients();
        setup.AfterStep();
        reading.Waited = feed.Waited;
        _unread.Enqueue(reading);
        _position = _position with { Step = step + 1, Taken = feed.Taken };
        if (_position.Taken == _plan.VideosPerEpoch)
        {
            EndEpoch(reported: false);
        }
        else if (_unread.Count >= setup.StepsPerReading || setup.Options.CheckpointMinutes == 0)
        {
            ReadAll(reportLast: true);
            checkpoints?.SaveWhenDue(_position);
        }
    }

    /// <summary>Clips the gradient and moves the weights. Where figures are read at once, a step that diverges changes nothing.</summary>
    private void Move(int step, StepReading reading)
    {
        var (rate, decay, clip) = (_plan.LearningRate[step], _plan.WeightDecay?[step], setup.Options.GradientClip);
        if (ReadsAtOnce)
        {
            reading.SetNorm(GradientClipping.Clip(setup.Model.parameters(), clip));
            _ = reading.Read();
            setup.Optimizer.Step(rate, decay);
        }
        else
        {
            reading.SetNorm(setup.Optimizer.StepClipped(rate, decay, clip));
        }
    }

    private bool ReadsAtOnce => setup.StepsPerReading == 1;

    /// <summary>Reads and reports the steps since the last time; the last one only if asked to, as the end of an epoch has more to say of it.</summary>
    private void ReadAll(bool reportLast)
    {
        while (_unread.TryDequeue(out var next))
        {
            using var reading = next;
            var (sums, norm) = reading.Read();
            var step = reading.Step;
            _pace.Add(sums.Clips, reading.Waited);
            _last = new StepReport(
                _pace.Progress(reading.Epoch, step, sums, _plan.LearningRate[step]), _plan.WeightDecay?[step] ?? setup.Options.WeightDecay, norm, sums.Floor);
            if (reportLast || _unread.Count > 0)
            {
                report(_last);
            }
        }
    }

    /// <summary>An epoch whose last videos could not be read, or one that was resumed at its very end.</summary>
    private void EndEpochOf(ClipFeed<TClip> feed)
    {
        if (_position.Taken > 0)
        {
            EndEpoch(reported: true);
        }
        else
        {
            _position = new RunPosition(_position.Epoch + 1, 0, (_position.Epoch + 1) * _plan.StepsPerEpoch);
        }
    }

    private void EndEpoch(bool reported)
    {
        ReadAll(reportLast: reported);
        var epoch = _position.Epoch + 1;
        var outcome = setup.AfterEpoch(epoch);
        _position = new RunPosition(epoch, 0, epoch * _plan.StepsPerEpoch, outcome.Stop);
        if (_last is not null && (!reported || outcome.ValidationAccuracy is not null))
        {
            report(_last with { Progress = _last.Progress with { ValidationAccuracy = outcome.ValidationAccuracy } });
        }

        checkpoints?.SaveWhenDue(_position, isLast: epoch == _plan.Epochs || outcome.Stop);
    }

    /// <summary>Sums the gradients of the batches of one step.</summary>
    private void Accumulate(ClipFeed<TClip> feed, StepReading reading)
    {
        for (var part = 0; part < _plan.Accumulation; part++)
        {
            setup.Options.CancellationToken.ThrowIfCancellationRequested();
            using var batch = feed.Next(_position.Epoch, _plan.Batch);
            if (batch.Clips.Count == 0)
            {
                break;
            }

            using var scope = NewDisposeScope();
            var random = ClipSeed.RandomFor(~setup.Seed, _position.Step, part);
            IRandomLayer.ReseedAll(setup.Model, random);
            var loss = setup.Step.Loss(batch.Clips, random);
            reading.Add(loss, batch.VideoPaths);
            if (ReadsAtOnce)
            {
                _ = reading.ReadLosses();
            }

            loss.Total.mul(KeptScalar.Of((double)batch.Clips.Count / _plan.ClipsPerStep)).backward();
        }
    }
}
