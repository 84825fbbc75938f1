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
}
