using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Class numbers to distributions, as the original's loss has them.</summary>
internal static class SmoothedTargets
{
    /// <summary>1 - smoothing on the class, smoothing spread over all K classes. [B] int64 -> [B,K].</summary>
    public static Tensor Of(Tensor labels, int classes, double smoothing = 0) =>
        (nn.functional.one_hot(labels, classes).to(ScalarType.Float32) * (1 - smoothing)) + (smoothing / classes);
}
