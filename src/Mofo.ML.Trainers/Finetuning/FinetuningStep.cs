using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>One step of classification: a batch, mixed where the options say so, against smoothed and weighted labels.</summary>
internal sealed class FinetuningStep(VideoClassifier model, int classes, MofoFinetuningOptions options, Device device) : ITrainingStep<FinetuningClip>
{
    private readonly TargetLevels _levels = new(classes);
    private readonly MixupOptions _mixing = new()
    {
        MixupAlpha = options.MixupAlpha,
        CutmixAlpha = options.CutmixAlpha,
        Probability = options.MixProbability,
        CutmixShare = options.CutmixShare,
    };

    public StepLoss Loss(IReadOnlyList<FinetuningClip> batch, Random random)
    {
        var side = options.Model.ImageSize;
        var mixup = Mixup.Draw(_mixing, side, side, random);
        var pixels = PixelBatch.Stack([.. batch.Select(clip => clip.Pixels)], options.Model, CPU);
        mixup.MixPixels(batch.Count, clip => TensorMemory.Entry(pixels, clip), new ClipShape(3, options.Model.Frames, side, side));
        var inside = TokenRegions.Inside(options.Model, mixup.MixBoxes([.. batch.Select(clip => clip.Boxes)]), device);
        var targets = mixup.Targets([.. batch.Select(clip => clip.Label)], [.. batch.Select(clip => clip.Weight)], classes, options.LabelSmoothing);
        var (baseline, floor) = _levels.Of(targets);
        var logits = model.call(SeenClips.Of(pixels.to(device), options.Model.Input), inside);
        var loss = SoftTargetCrossEntropy.Mean(logits, tensor(targets, [batch.Count, classes], device: device));
        return new StepLoss(loss) { Baseline = baseline, Floor = floor };
    }
}
