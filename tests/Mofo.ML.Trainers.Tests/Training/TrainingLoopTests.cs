using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>9 clips in batches of 4 give 2 steps an epoch, 6 in all.</summary>
public sealed class TrainingLoopTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mofo-loop-").FullName;

    private string Checkpoints => Path.Combine(_root, "checkpoints");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelled_after_any_step_it_goes_on_to_the_same_bits(bool withBadVideos)
    {
        int[] bad = withBadVideos ? [2, 5, 6] : [];
        var undisturbed = new TinyTraining { Bad = bad };
        var expected = undisturbed.Run(TinyTraining.Options());
        Assert.Equal([1, 2, 3], undisturbed.Epochs);

        var one = new TinyTraining { Bad = bad };
        foreach (var step in undisturbed.Steps.Select(s => s.Step))
        {
            using var stop = new CancellationTokenSource();
            var options = TinyTraining.Options(Checkpoints);
            options.CancellationToken = stop.Token;
            var cancelled = new TinyTraining
            {
                Bad = bad,
                Watch = progress =>
                {
                    if (progress.Step == step)
                    {
                        stop.Cancel();
                    }
                },
            };
            if (step < undisturbed.Steps[^1].Step)
            {
                Assert.ThrowsAny<OperationCanceledException>(() => cancelled.Run(options));
            }

            // Within one step: nothing is reported after the step in which it was cancelled.
            Assert.True(cancelled.Steps.Count == 0 || cancelled.Steps[^1].Step == step);
        }

        Assert.Equal(expected, one.Run(TinyTraining.Options(Checkpoints)));
        Assert.Single(one.Steps);
    }

    [Fact]
    public void Figures_read_some_steps_later_are_those_read_at_once()
    {
        var atOnce = new TinyTraining();
        var expected = atOnce.Run(TinyTraining.Options());
        var later = new TinyTraining { StepsPerReading = 4 };
        var weights = later.Run(TinyTraining.Options());
        Assert.All(expected.Zip(weights), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Equal(atOnce.Steps.Select(s => (s.Epoch, s.Step, s.LearningRate)), later.Steps.Select(s => (s.Epoch, s.Step, s.LearningRate)));
        foreach (var (one, other) in atOnce.Steps.Zip(later.Steps))
        {
            Assert.Equal(one.Loss, other.Loss, 1e-5);
            Assert.Equal(one.LossOutside, other.LossOutside, 1e-5);
            Assert.Equal(one.BaselineLoss, other.BaselineLoss, 1e-5);
        }
    }

    [Fact]
    public void A_training_that_diverges_between_two_readings_leaves_no_checkpoint_of_it()
    {
        var options = TinyTraining.Options(Checkpoints);
        options.CheckpointEvery = 1;
        var steps = 0;
        var spoiled = new TinyTraining { StepsPerReading = 4, Spoil = (_, loss) => ++steps < 3 ? loss : loss.mul(double.NaN) };
        Assert.Contains("step 3", Assert.Throws<TrainingDivergedException>(() => spoiled.Run(options)).Message, StringComparison.Ordinal);
        Assert.Equal([1], Directory.GetFiles(Checkpoints, "checkpoint-*").Select(f => int.Parse(Path.GetFileName(f).AsSpan(11, 6))));
    }

    [Fact]
    public void A_finished_training_gives_its_weights_again_without_a_step()
    {
        var expected = new TinyTraining().Run(TinyTraining.Options(Checkpoints));
        var again = new TinyTraining();
        Assert.Equal(expected, again.Run(TinyTraining.Options(Checkpoints)));
        Assert.Empty(again.Steps);
    }

    [Fact]
    public void A_training_that_was_told_to_stop_stays_stopped()
    {
        var stopped = new TinyTraining { StopAfter = 2 };
        var expected = stopped.Run(TinyTraining.Options(Checkpoints));
        Assert.Equal(4, stopped.Steps.Count);
        var again = new TinyTraining { StopAfter = 2 };
        Assert.Equal(expected, again.Run(TinyTraining.Options(Checkpoints)));
        Assert.Empty(again.Steps);
    }

    [Fact]
    public void A_checkpoint_of_other_options_or_weights_is_refused_by_name()
    {
        _ = new TinyTraining().Run(TinyTraining.Options(Checkpoints));
        var other = TinyTraining.Options(Checkpoints);
        other.MaskRatio = 0.5;
        Assert.Contains("MaskRatio was 0.75 and is 0.5", Assert.Throws<CheckpointException>(() => new TinyTraining().Run(other)).Message);

        var elsewhere = new TinyTraining { Before = model => SetAll(model, 0.01) };
        Assert.Contains("StartingWeights was ", Assert.Throws<CheckpointException>(() => elsewhere.Run(TinyTraining.Options(Checkpoints))).Message);

        var sooner = TinyTraining.Options(Checkpoints);
        (sooner.CheckpointEvery, sooner.DecodeThreads, sooner.CheckpointsKept) = (1, 1, 5);
        _ = new TinyTraining().Run(sooner); // changes no weight, so it may differ
    }

    [Fact]
    public void Checkpoints_come_every_so_many_epochs_and_at_the_end()
    {
        var options = TinyTraining.Options(Checkpoints);
        (options.Epochs, options.CheckpointEvery, options.CheckpointsKept) = (5, 2, 10);
        _ = new TinyTraining().Run(options);
        Assert.Equal([2, 4, 5], Directory.GetFiles(Checkpoints, "checkpoint-*").Order().Select(f => int.Parse(Path.GetFileName(f).AsSpan(11, 6))));
    }

    [Fact]
    public void A_disk_that_refuses_costs_the_checkpoint_and_not_the_training()
    {
        var options = TinyTraining.Options(Checkpoints);
        options.CheckpointMinutes = 0;
        var training = new TinyTraining
        {
            Watch = progress =>
            {
                if (progress.Step == 3)
                {
                    Directory.Delete(Checkpoints, recursive: true);
                    File.WriteAllText(Checkpoints, "");
                }
            },
        };
        Assert.Equal(new TinyTraining().Run(TinyTraining.Options()), training.Run(options));
        Assert.Contains(training.Warnings, w => w.StartsWith("No checkpoint was written at step 3 ("));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_with_step_and_files()
    {
        var spoiled = new TinyTraining { Before = model => SetAll(model, double.NaN) };
        var e = Assert.Throws<TrainingDivergedException>(() => spoiled.Run(TinyTraining.Options()));
        Assert.Equal((1, 4), (e.Step, e.Videos.Count));
        Assert.Contains("The loss of pretraining is NaN at step 1", e.Message);
        Assert.All(e.Videos, video => Assert.Matches("^clip[0-8].mp4$", video));
    }

    [Fact]
    public void A_gradient_that_is_no_number_stops_without_clipping_too_and_before_a_checkpoint_is_written()
    {
        var options = TinyTraining.Options(Checkpoints);
        (options.GradientClip, options.CheckpointMinutes) = (null, 0);
        var steps = 0;

        // sqrt(0 w) is 0, so the loss stays what it is; its derivative at 0 is infinite.
        var spoiled = new TinyTraining { Spoil = (model, loss) => ++steps < 3 ? loss : loss.add(model.parameters().First().sum().mul(0).sqrt()) };
        var e = Assert.Throws<TrainingDivergedException>(() => spoiled.Run(options));
        Assert.Equal(3, e.Step);
        Assert.Contains("gradient", e.Message);
        Assert.Equal("checkpoint-000001-0000000002.safetensors", Path.GetFileName(Directory.GetFiles(Checkpoints, "checkpoint-*.safetensors").Order().Last()));
    }

    [Fact]
    public void Accumulated_batches_are_one_large_batch()
    {
        var options = TinyTraining.Options();
        (options.BatchSize, options.AccumulationSteps) = (2, 2);
        var parts = new TinyTraining();
        var accumulated = parts.Run(options);
        Assert.All(parts.BatchSizes, size => Assert.Equal(2, size));
        Assert.Equal(6, parts.Steps.Count);

        // Sums in another order; AdamW divides by the gradient's size, so small gradients amplify rounding.
        var whole = new TinyTraining().Run(TinyTraining.Options());
        Assert.InRange(whole.Zip(accumulated).Average(p => Math.Abs(p.First - p.Second)), 0, 1e-4);
    }

    [Fact]
    public void Several_clips_of_a_video_share_a_batch_and_lengthen_the_epoch()
    {
        var options = TinyTraining.Options();
        options.ClipsPerVideo = 2;
        var training = new TinyTraining();
        _ = training.Run(options);
        Assert.Equal(3 * 4, training.Steps.Count); // 18 clips in batches of 4
        Assert.All(training.BatchSizes, size => Assert.Equal(4, size));
    }

    [Fact]
    public void Bad_videos_shorten_the_epochs_and_nothing_else()
    {
        var training = new TinyTraining { Bad = [0, 1, 2, 3, 4, 5] };
        _ = training.Run(TinyTraining.Options());
        Assert.Equal([1, 2, 3], training.Epochs);
        Assert.All(training.BatchSizes, size => Assert.InRange(size, 1, 3));
        Assert.Equal(6, training.Warnings.Count(w => w.Contains("it is bad")));
        Assert.Contains(training.Warnings, w => w.StartsWith("6 of 9 videos could not be read"));
    }

    [Fact]
    public void The_decay_follows_its_schedule_and_event_files_show_it()
    {
        var options = TinyTraining.Options();
        (options.WeightDecay, options.WeightDecayEnd, options.TensorBoardFolder) = (0.05, 0.5, Path.Combine(_root, "events"));
        _ = new TinyTraining().Run(options);
        var file = File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(_root, "events", "pretraining"))), System.Text.Encoding.Latin1);
        Assert.All(["loss", "loss_baseline", "learning_rate", "weight_decay", "gradient_norm", "clips_per_second"], tag => Assert.Contains(tag, file));

        var plan = new TrainingPlan(TinyTraining.Videos, options, usualWarmup: 0);
        Assert.Equal((0.05, 0.275), (Math.Round(plan.WeightDecay![0], 12), Math.Round(plan.WeightDecay[3], 12)));
    }

    [Fact]
    public void A_pretraining_that_predicts_nothing_says_so_in_the_log_and_in_progress()
    {
        // Noise cannot be rebuilt: the loss stays at the variance of the normalised targets.
        var options = TinyTraining.Options();
        (options.Epochs, options.BaseLearningRate) = (40, 1e-3);
        var training = new TinyTraining();
        _ = training.Run(options);
        Assert.All(training.Steps, step => Assert.InRange(step.BaselineLoss, 0.95, 1.05));
        Assert.Equal(50, training.Steps.First(step => step.Plateau is not null).Step);
        Assert.StartsWith("pretraining has learned nothing so far: over the last 50 of 80 steps the loss is ", training.Steps[^1].Plateau, StringComparison.Ordinal);
        Assert.Equal(2, training.Warnings.Count(w => w.Contains("learned nothing so far", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_loss_that_falls_is_no_plateau()
    {
        var options = TinyTraining.Options();
        (options.Epochs, options.BaseLearningRate) = (40, 1e-3);
        var training = new TinyTraining { Spoil = (_, loss) => loss.mul(0.5) };
        _ = training.Run(options);
        Assert.All(training.Steps, step => Assert.Null(step.Plateau));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_decoder_may_rebuild_a_part_of_the_hidden_tokens(double keep)
    {
        var options = TinyTraining.Options();
        options.DecoderKeepRatio = keep;
        var training = new TinyTraining();
        _ = training.Run(options);
        Assert.All(training.Steps, step => Assert.True(double.IsFinite(step.Loss)));
    }

    /// <summary>MOFO_LONG_STEPS=2000 makes the long run of the report; the suite is content with fewer.</summary>
    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        var steps = int.Parse(Environment.GetEnvironmentVariable("MOFO_LONG_STEPS") ?? "60");
        var options = TinyTraining.Options();
        options.Epochs = steps / 2;
        var live = new List<(int Step, long Tensors, long Bytes)>();
        var training = new TinyTraining
        {
            Watch = p =>
            {
                if (p.Step == 10 || p.Step % Math.Max(10, steps / 10) == 0)
                {
                    live.Add((p.Step, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount, Environment.WorkingSet));
                }
            },
        };
        _ = training.Run(options);
        live.ForEach(l => TestContext.Current.TestOutputHelper?.WriteLine($"step {l.Step}: {l.Tensors} tensors, {l.Bytes >> 20} MiB"));
        Assert.Single(live.Select(l => l.Tensors).Distinct());
    }

    private static void SetAll(nn.Module model, double value)
    {
        using var frozen = no_grad();
        foreach (var parameter in model.parameters())
        {
            _ = parameter.fill_(value);
        }
    }
}
