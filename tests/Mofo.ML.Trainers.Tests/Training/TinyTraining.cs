using Microsoft.ML;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>A pretraining of a tiny network on clips of noise made from the loader's own draws: the whole loop, and no files.</summary>
internal sealed class TinyTraining
{
    public const int Videos = 9;

    public List<string> Warnings { get; } = [];

    public List<int> BatchSizes { get; } = [];

    public List<int> Epochs { get; } = [];

    public List<TrainingProgress> Steps { get; } = [];

    /// <summary>Rows that cannot be read.</summary>
    public IReadOnlyList<int> Bad { get; init; } = [];

    /// <summary>Told after each step.</summary>
    public Action<TrainingProgress> Watch { get; init; } = _ => { };

    /// <summary>Epoch after which the trainer says stop.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Spoils or looks at the model before training.</summary>
    public Action<MaskedAutoencoder> Before { get; init; } = _ => { };

    /// <summary>As <see cref="TrainingSetup{TClip}.StepsPerReading"/>.</summary>
    public int StepsPerReading { get; init; } = 1;

    /// <summary>Changes the loss before the gradient is taken.</summary>
    public Func<MaskedAutoencoder, Tensor, Tensor> Spoil { get; init; } = (_, loss) => loss;

    public static MofoPretrainingOptions Options(string? checkpoints = null) => new()
    {
        Model = TinyModels.Config,
        Epochs = 3,
        BatchSize = 4,
        BaseLearningRate = 0.5,
        MaskRatio = 0.75,
        MotionMaskRatio = null,
        GradientClip = 1,
        Precision = Precision.Float32,
        CheckpointFolder = checkpoints,
        CheckpointEvery = 1000,
        CheckpointMinutes = null,
        DecodeThreads = 2,
        OnBadVideo = BadVideoHandling.Skip,
    };

    /// <summary>Trains and returns all weights in a row.</summary>
    public float[] Run(MofoPretrainingOptions options)
    {
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                Warnings.Add(e.RawMessage);
            }
        };
        options.Progress = new Watcher(this);
        TrainingRow[] rows = [.. Enumerable.Range(0, Videos).Select(i => new TrainingRow(new ClipSource($"clip{i}.mp4", default, i), -1))];
        var plan = new TrainingPlan(rows.Length, options, usualWarmup: 0);
        using var folder = TrainingRun.OpenFolder(options);
        using var model = new MaskedAutoencoder(options.Model, new Generator(3), target: options.ReconstructionTarget);
        Before(model);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), options.WeightDecay);
        using var optimizer = new AdamW(model, groups, new AdamWSettings(Beta2: 0.95));
        var masking = PretrainingClips.MaskingOf(options);
        new TrainingRun(new StageHost(ml, "test"), folder).Train(
            new TrainingSetup<PretrainingClip>
            {
                Stage = "pretraining",
                Options = options,
                Plan = plan,
                Seed = 7,
                Model = model,
                Step = new Counting(this, model, new PretrainingStep(model, options, CPU)),
                Optimizer = optimizer,
                StepsPerReading = StepsPerReading,
                Load = (order, random, _) => Bad.Contains(order.Item)
                    ? throw new VideoException(rows[order.Item].Source.VideoPath, "it is bad")
                    : [.. Enumerable.Range(0, options.ClipsPerVideo).Select(_ =>
                    {
                        using var clip = Noise(options.Model, random);
                        return PretrainingClips.Prepare(rows[order.Item].Source.VideoPath, clip, masking, options.Model, random);
                    })],
                AfterEpoch = epoch =>
                {
                    Epochs.Add(epoch);
                    return new EpochOutcome(Stop: epoch == StopAfter);
                },
            },
            rows);
        return [.. model.named_parameters().SelectMany(p => p.parameter.detach().flatten().data<float>().ToArray())];
    }

    private static Clip Noise(VitConfig model, Random random)
    {
        var clip = new Clip(model.Frames, model.ImageSize, model.ImageSize);
        random.NextBytes(clip.Pixels);
        return clip;
    }

    private sealed class Counting(TinyTraining owner, MaskedAutoencoder model, PretrainingStep step) : ITrainingStep<PretrainingClip>
    {
        public StepLoss Loss(IReadOnlyList<PretrainingClip> batch, Random random)
        {
            owner.BatchSizes.Add(batch.Count);
            var loss = step.Loss(batch, random);
            return loss with { Total = owner.Spoil(model, loss.Total) };
        }
    }

    private sealed class Watcher(TinyTraining owner) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            owner.Steps.Add(value);
            owner.Watch(value);
        }
    }
}
