using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.EndToEnd.Tests.Pipelines;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Training;

/// <summary>Workers share a training: what they learn together is what one learns alone.</summary>
public sealed class WorkersTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    private const int Batch = 8;

    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _boxes = pipeline.Ml.Data.Cache(
        pipeline.Ml.Transforms.DetectMotion().Append(pipeline.Ml.Transforms.Conversion.MapValueToKey("Label")).Fit(pipeline.Train).Transform(pipeline.Train));

    public static TheoryData<string, int> Trainings => new() { { "pretraining", 2 }, { "pretraining", 3 }, { "finetuning", 2 }, { "finetuning", 4 } };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void The_losses_of_every_step_are_those_of_one_worker(string stage, int workers)
    {
        var (one, several, again) = (Losses(stage, 1), Losses(stage, workers), Losses(stage, workers));
        Assert.Equal(several, again);
        Assert.Equal(one.Count, several.Count);
        Assert.All(one.Zip(several), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        Assert.NotEqual(one[0], one[^1], 1e-3);
    }

    [Theory]
    [InlineData("pretraining")]
    [InlineData("finetuning")]
    public void A_run_that_is_stopped_goes_on_to_the_same_bits(string stage)
    {
        var whole = Losses(stage, 2);
        var checkpoints = pipeline.Scratch("workers-" + stage);
        using var stop = new CancellationTokenSource();
        var before = new List<double>();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(stage, options =>
        {
            (options.Workers, options.CheckpointFolder, options.CancellationToken) = (2, checkpoints, stop.Token);
            options.Progress = new ImmediateProgress<TrainingProgress>(step =>
            {
                before.Add(step.Loss);
                if (before.Count == 3)
                {
                    stop.Cancel();
                }
            });
        }));
        var after = new List<double>();
        Train(stage, options =>
        {
            (options.Workers, options.CheckpointFolder) = (2, checkpoints);
            options.Progress = new ImmediateProgress<TrainingProgress>(step => after.Add(step.Loss));
        });
        Assert.Equal(whole, before.Take(whole.Count - after.Count).Concat(after));
        Assert.InRange(after.Count, 1, whole.Count - 1);
    }

    [Fact]
    public void A_bad_video_is_thrown_as_it_is_or_skipped_with_one_warning()
    {
        var warnings = new List<string>();
        void Hear(string message)
        {
            lock (warnings)
            {
                warnings.Add(message);
            }
        }

        void Listen(MofoTrainingOptions options) => (options.Workers, options.Warning) = (2, Hear);
        var bad = _ml.Data.LoadFromEnumerable(_boxes.GetColumn<string>("VideoPath").Append(pipeline.Scratch("missing.mp4")).Select(path => new Row { VideoPath = path }));
        var error = Assert.Throws<VideoException>(() => Train("pretraining", Listen, bad));
        Assert.EndsWith("missing.mp4", error.File, StringComparison.Ordinal);
        Assert.Empty(warnings);
        void Skip(MofoTrainingOptions options)
        {
            Listen(options);
            options.OnBadVideo = BadVideoHandling.Skip;
        }

        Train("pretraining", Skip, bad);
        Assert.Single(warnings, warning => warning.Contains("missing.mp4", StringComparison.Ordinal));
        Assert.Single(warnings, warning => warning.Contains("1 of 19 videos could not be read", StringComparison.Ordinal));
    }

    [Fact]
    public void An_error_on_one_worker_ends_the_others()
    {
        var steps = 0;
        var error = Assert.Throws<InvalidOperationException>(() => Train("finetuning", options =>
        {
            options.Workers = 3;
            options.Progress = new ImmediateProgress<TrainingProgress>(_ => throw new InvalidOperationException(Invariant($"after step {++steps}")));
        }));
        Assert.Equal("after step 1", error.Message);
    }

    [Theory]
    [InlineData(-1, "Workers is -1; it must be in [0, 256].")]
    [InlineData(5, "A batch has 8 videos, too few for 5 workers")]
    public void Numbers_that_cannot_be_used_are_named(int workers, string message) =>
        Assert.Contains(message, Assert.Throws<MofoOptionsException>(() => Train("pretraining", options => options.Workers = workers)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    public void Zero_takes_a_worker_for_each_thread(int threads, int workers)
    {
        var losses = new List<double>();
        Train("pretraining", options => (options.Workers, options.ComputeThreads, options.Progress) = (0, threads, new ImmediateProgress<TrainingProgress>(step => losses.Add(step.Loss))));
        Assert.Equal(Losses("pretraining", workers), losses);
    }

    private List<double> Losses(string stage, int workers)
    {
        var losses = new List<double>();
        Train(stage, options => (options.Workers, options.Progress) = (workers, new ImmediateProgress<TrainingProgress>(step => losses.Add(step.Loss))));
        return losses;
    }

    private void Train(string stage, Action<MofoTrainingOptions> change, IDataView? rows = null)
    {
        if (stage == "pretraining")
        {
            var options = TrainedPipeline.Pretraining();
            Set(options, change);
            using var model = _ml.Transforms.PretrainMofo(options).Fit(rows ?? _boxes);
        }
        else
        {
            var options = TrainedPipeline.Finetuning();
            // Drop path, mixing and averages are shared too.
            (options.DropPath, options.AverageDecay, options.UsePretrained) = (0.1, 0.9, false);
            Set(options, change);
            using var model = _ml.MulticlassClassification.Trainers.MofoFinetune(options).Fit(rows ?? _boxes);
        }
    }

    private static void Set(MofoTrainingOptions options, Action<MofoTrainingOptions> change)
    {
        (options.Epochs, options.BatchSize, options.Precision, options.ComputeThreads, options.OnBadVideo) = (3, Batch, Precision.Float32, 1, BadVideoHandling.Throw);
        change(options);
    }

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        [VectorType(4)]
        public float[] MotionBoxes { get; set; } = [0, 0, 20, 20];
    }
}
