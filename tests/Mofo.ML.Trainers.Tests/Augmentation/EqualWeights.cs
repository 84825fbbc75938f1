using Mofo.ML.Trainers.Augmentation;

namespace Mofo.ML.Trainers.Tests.Augmentation;

/// <summary>Targets of clips that all count the same.</summary>
internal static class EqualWeights
{
    public static float[] Targets(this Mixup mixup, ReadOnlySpan<int> labels, int classes, double smoothing)
    {
        var weights = new float[labels.Length];
        Array.Fill(weights, 1f);
        return mixup.Targets(labels, weights, classes, smoothing);
    }
}
