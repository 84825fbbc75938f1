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
/// <param name="report">Called for every step.</param>
/// <param name="clock">Measures the pace.</param>
internal sealed class TrainingLoop<TClip>(TrainingSetup<TClip> setup, RunCheckpoints? checkpoints, Action<StepReport> report, TimeProvider clock) : IDisposable
    where TClip : ITrainingClip
{
    private readonly TrainingPlan _plan = setup.Plan;
    private readonly RunPace _pace = new(setup.Stage, setup.Plan, clock);
    private readonly Queue<StepReading> _unread = [];
    private readonly GradientExchange? _exchange = setup.World.Size > 1 ? new(setup.Model, setup.World, setup.World.BucketValues) : null;
    private RunPosition _position;
    private StepReport? _last;

    /// <summary>Trains from a position to the end.</summary>
    /// <param name="feed">The clips from there on.</param>
    /// <param name="from">Where the run starts or goes on.</param>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the last whole step is in a checkpoint.</exception>
    public void Run(IClipFeed<TClip> feed, RunPosition from)
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
        catch (Exception e) when (e is OperationCanceledException or VideoException or RankFailedException)
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

    public void Dispose() => _exchange?.Dispose();

    private void Step(IClipFeed<TClip> feed)
    {
        var step = _position.Step;
        var reading = new StepReading(setup.Stage, _position.Epoch, step);
        try
        {
            Accumulate(feed, reading);
            _exchange?.Sum();
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
        else if (ReadsAtOnce || _unread.Count >= setup.StepsPerReading || setup.Options.CheckpointMinutes == 0)
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
            var norm = GradientClipping.Clip(setup.Model.parameters(), clip);
            if (!double.IsFinite(norm))
            {
                setup.World.ThrowTogether(TrainingDivergedException.OfGradient(setup.Stage, step + 1, norm, reading.ReadLosses().VideoPaths));
            }

            reading.SetNorm(norm);
            setup.Optimizer.Step(rate, decay);
        }
        else
        {
            reading.SetNorm(setup.Optimizer.StepClipped(rate, decay, clip));
        }
    }

    /// <summary>Whether figures are read as soon as they are there: on a CPU, and where several processes add theirs up.</summary>
    private bool ReadsAtOnce => setup.StepsPerReading == 1 || setup.World.Size > 1;

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
    private void EndEpochOf(IClipFeed<TClip> feed)
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
    private void Accumulate(IClipFeed<TClip> feed, StepReading reading)
    {
        for (var part = 0; part < _plan.Accumulation; part++)
        {
            using var batch = feed.Next(_position.Epoch, _plan.Batch);
            if (batch.Total == 0)
            {
                break;
            }

            using var scope = NewDisposeScope();
            if (ReadsAtOnce)
            {
                _exchange?.Expect(isLast: part == _plan.Accumulation - 1);
                var loss = setup.World.Together(() => LossOf(batch, part));
                reading.Add(PartFigures.Of(loss, batch.Clips.Count).Over(setup.World), batch.VideoPaths);
                if (loss is { Total: { } total })
                {
                    Backward(total.mul(KeptScalar.Of((double)batch.Clips.Count / _plan.ClipsPerStep)));
                }
            }
            else if (LossOf(batch, part) is { } loss)
            {
                reading.Add(loss, batch.VideoPaths);
                loss.Total.mul(KeptScalar.Of((double)batch.Clips.Count / _plan.ClipsPerStep)).backward();
            }
        }
    }

    private void Backward(Tensor loss)
    {
        if (_exchange is null)
        {
            loss.backward();
        }
        else
        {
            _exchange.Backward(loss);
        }
    }

    /// <summary>The loss of this process's clips; null where a small batch left it without any.</summary>
    private StepLoss? LossOf(ClipBatch<TClip> batch, int part)
    {
        setup.Options.CancellationToken.ThrowIfCancellationRequested();
        if (batch.Clips.Count == 0)
        {
            return null;
        }

        var random = ClipSeed.RandomFor(~setup.Seed, _position.Step, part);
        IRandomLayer.ReseedAll(setup.Model, random, batch.Share);
        var loss = setup.Step.Loss(batch.Clips, random);
        if (!ReadsAtOnce)
        {
            return loss;
        }

        loss = loss with { Value = loss.Total.item<float>() };
        return float.IsFinite(loss.Value) ? loss : throw new TrainingDivergedException(setup.Stage, _position.Step + 1, loss.Value, batch.VideoPaths);
    }
}
