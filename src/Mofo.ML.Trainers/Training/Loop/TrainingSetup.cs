using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms.Clips;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>What a trainer brings to a run. Pretraining and finetuning differ in this and in nothing else.</summary>
internal sealed record TrainingSetup<TClip>
    where TClip : ITrainingClip
{
    /// <summary>Name in messages, progress and event files: <c>pretraining</c> or <c>finetuning</c>.</summary>
    public required string Stage { get; init; }

    public required MofoTrainingOptions Options { get; init; }

    public required TrainingPlan Plan { get; init; }

    /// <summary>Seed of order, augmentation, masks and drop path.</summary>
    public required int Seed { get; init; }

    /// <summary>In training mode, on its device, with its starting weights.</summary>
    public required nn.Module Model { get; init; }

    /// <summary>Batch to loss.</summary>
    public required ITrainingStep<TClip> Step { get; init; }

    /// <summary>Gradients to new weights.</summary>
    public required AdamW Optimizer { get; init; }

    /// <summary>The processes that train together.</summary>
    public TrainingWorld World => Options.WorldInForce;

    /// <summary>Steps after which losses are read and reported. More than 1 has the device work on while the host prepares the next step; divergence is then found that much later, but before any checkpoint.</summary>
    public int StepsPerReading { get; init; } = 1;

    /// <summary><see cref="StepsPerReading"/> for a device: a CPU has nothing to gain, a GPU would run dry at every step.</summary>
    public static int StepsPerReadingOn(Device device) => device.type == TorchSharp.DeviceType.CPU ? 1 : 4;

    /// <summary>Makes the clips of one video, <see cref="TrainingPlan.ClipsPerVideo"/> of them; called on several threads.</summary>
    public required Func<ClipOrder, Random, CancellationToken, IReadOnlyList<TClip>> Load { get; init; }

    /// <summary>What to change where the run learns nothing, in sentences.</summary>
    public string Advice { get; init; } = "";

    /// <summary>What a checkpoint keeps beside the model, the optimiser and the bad videos: averages, best weights, early stopping.</summary>
    public IReadOnlyList<ITrainingPart> Parts { get; init; } = [];

    /// <summary>Called after every optimiser step.</summary>
    public Action AfterStep { get; init; } = () => { };

    /// <summary>Called after every epoch with its number from 1, before the epoch's checkpoint is written.</summary>
    public Func<int, EpochOutcome> AfterEpoch { get; init; } = _ => default;

    /// <summary>Other things than options and data that must be the same when a run goes on, in words: validation rows, classes.</summary>
    public IReadOnlyDictionary<string, string> Identity { get; init; } = new Dictionary<string, string>();
}

/// <summary>What the end of an epoch brought.</summary>
/// <param name="ValidationAccuracy">Top-1 on the validation set; null without one.</param>
/// <param name="Stop">Whether training should end here.</param>
internal readonly record struct EpochOutcome(double? ValidationAccuracy = null, bool Stop = false);
