using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Transforms.Clips;
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
        var pixels = Mixed(batch, mixup);
        var inside = TokenRegions.Of(options.Model, mixup.MixBoxes([.. batch.Select(clip => clip.Boxes)]), device);
        var targets = mixup.Targets([.. batch.Select(clip => clip.Label)], [.. batch.Select(clip => clip.Weight)], classes, options.LabelSmoothing);
        var (baseline, floor) = _levels.Of(targets);
        var logits = model.call(SeenClips.Of(pixels, options.Model.Input), inside);
        var loss = SoftTargetCrossEntropy.Mean(logits, tensor(targets, [batch.Count, classes]).SentTo(device));
        return new StepLoss(loss) { Baseline = baseline, Floor = floor };
    }

    /// <summary>The batch on the device, mixed: floats where they are, on the host, bytes where they go.</summary>
    private Tensor Mixed(IReadOnlyList<FinetuningClip> batch, Mixup mixup)
    {
        List<IClipPixels> clips = [.. batch.Select(clip => clip.Pixels)];
        if (clips[0] is not PixelBuffer)
        {
            var there = PixelBatch.Stack(clips, options.Model, device);
            mixup.MixPixels(there);
            return there;
        }

        var pixels = PixelBatch.Stack(clips, options.Model, CPU);
        var side = options.Model.ImageSize;
        mixup.MixPixels(batch.Count, clip => TensorMemory.Entry(pixels, clip), new ClipShape(3, options.Model.Frames, side, side));
        return pixels.to(device);
    }
}
