using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Losses;

/// <summary>Cross entropy against a distribution over classes, as mixup and label smoothing need it.</summary>
internal static class SoftTargetCrossEntropy
{
    /// <summary>Mean over the batch of -sum(target * log softmax(logits)). [B,K] any float type, [B,K] -> scalar float32.</summary>
    public static Tensor Mean(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var logScores = nn.functional.log_softmax(logits.to(ScalarType.Float32), -1);
        return (logScores * targets).sum(-1).mean().neg().MoveToOuterDisposeScope();
    }

    /// <summary>Class numbers to distributions: 1 - smoothing on the class, smoothing spread over all K classes. [B] int64 -> [B,K].</summary>
    public static Tensor Targets(Tensor labels, int classes, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        var oneHot = nn.functional.one_hot(labels, classes).to(ScalarType.Float32);
        return oneHot.mul_(KeptScalar.Of(1 - smoothing)).add_(KeptScalar.Of(smoothing / classes), KeptScalar.One).MoveToOuterDisposeScope();
    }
}
