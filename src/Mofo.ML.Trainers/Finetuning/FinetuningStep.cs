using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Training;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>One step of classification: logits of a batch against smoothed labels.</summary>
internal sealed class FinetuningStep(VideoClassifier model, int classes, MofoFinetuningOptions options, Device device) : ITrainingStep<FinetuningClip>
{
    public StepLoss Loss(IReadOnlyList<FinetuningClip> batch, Random random)
    {
        var pixels = PixelBatch.Stack([.. batch.Select(clip => clip.Pixels)], options.Model, device);
        var inside = TokenRegions.Inside(options.Model, [.. batch.Select(clip => clip.Boxes)], device);
        var labels = tensor(batch.Select(clip => (long)clip.Label).ToArray(), device: device);
        var targets = SoftTargetCrossEntropy.Targets(labels, classes, options.LabelSmoothing);
        return new StepLoss(SoftTargetCrossEntropy.Mean(model.call(pixels, inside), targets));
    }
}
