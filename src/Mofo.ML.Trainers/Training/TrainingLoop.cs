using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training;

/// <summary>Order and disposal of training, for pretraining and finetuning alike.</summary>
/// <param name="stage">Name in messages and progress.</param>
/// <param name="plan">Steps, batches, rates.</param>
/// <param name="step">Batch to loss.</param>
/// <param name="optimizer">Gradients to new weights.</param>
/// <param name="clock">Measures the pace.</param>
internal sealed class TrainingLoop<TClip>(string stage, TrainingPlan plan, ITrainingStep<TClip> step, ScheduledAdamW optimizer, TimeProvider clock)
    where TClip : ITrainingClip
{
    /// <summary>Trains until the loader has no more clips.</summary>
    /// <param name="loader">Clips of all epochs, in order.</param>
    /// <param name="report">Told about every step.</param>
    /// <param name="epochEnd">Called after every epoch with its number from 1; returns validation accuracy, or null.</param>
    /// <param name="cancel">Honoured between steps.</param>
    /// <exception cref="TrainingDivergedException">The loss is not a number.</exception>
    public void Run(ClipLoader<TClip> loader, Action<TrainingProgress> report, Func<int, double?> epochEnd, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        var clips = 0;
        for (var done = 0; done < plan.Steps; done++)
        {
            cancel.ThrowIfCancellationRequested();
            var loss = Accumulate(loader, done, ref clips);
            if (loss is not { } figures)
            {
                break;
            }

            var rate = optimizer.Step(done);
            var elapsed = clock.GetElapsedTime(started);
            var epoch = (done / plan.StepsPerEpoch) + 1;
            var validation = (done + 1) % plan.StepsPerEpoch == 0 ? epochEnd(epoch) : null;
            report(new TrainingProgress(
                stage, epoch, plan.Epochs, done + 1, plan.Steps, figures.Total, figures.Inside, figures.Outside, rate,
                clips / Math.Max(1e-9, elapsed.TotalSeconds), loader.Waited / elapsed, elapsed / (done + 1) * (plan.Steps - done - 1), validation));
        }
    }

    /// <summary>Sums the gradients of the batches of one step; null when the clips are used up.</summary>
    private (double Total, double Inside, double Outside)? Accumulate(ClipLoader<TClip> loader, int done, ref int clips)
    {
        var (total, inside, outside, batches) = (0.0, 0.0, 0.0, 0);
        for (var part = 0; part < plan.Accumulation; part++)
        {
            var batch = Next(loader);
            if (batch.Count == 0)
            {
                break;
            }

            try
            {
                using var scope = NewDisposeScope();
                var loss = step.Loss(batch);
                var value = loss.Total.item<float>();
                if (!float.IsFinite(value))
                {
                    throw new TrainingDivergedException(stage, done + 1, value, [.. batch.Select(clip => clip.VideoPath)]);
                }

                loss.Total.div(KeptScalar.Of((double)plan.Accumulation)).backward();
                (total, inside, outside, batches) = (total + value, inside + loss.Inside, outside + loss.Outside, batches + 1);
                clips += batch.Count;
            }
            finally
            {
                batch.ForEach(clip => clip.Dispose());
            }
        }

        return batches == 0 ? null : (total / batches, inside / batches, outside / batches);
    }

    private List<TClip> Next(ClipLoader<TClip> loader)
    {
        var batch = new List<TClip>(plan.Batch);
        while (batch.Count < plan.Batch && loader.TryNext(out var clip))
        {
            batch.Add(clip);
        }

        return batch;
    }
}
