namespace ActionRecognition.Evaluation;

/// <summary>Compares what two pipelines say of the same clips.</summary>
internal static class ReloadCheck
{
    /// <returns>Clips with the same predicted class, clips in all, and the largest difference between any two scores.</returns>
    public static (int Same, int Clips, double LargestDifference) Compare(IReadOnlyList<ScoredClip> first, IReadOnlyList<ScoredClip> second)
    {
        if (first.Count != second.Count)
        {
            throw new InvalidOperationException($"The first pipeline scored {first.Count} clips, the second {second.Count}.");
        }

        var pairs = first.Zip(second).ToArray();
        return (
            pairs.Count(pair => pair.First.PredictedLabel == pair.Second.PredictedLabel),
            pairs.Length,
            pairs.Max(pair => pair.First.Score.Zip(pair.Second.Score).Max(score => (double)Math.Abs(score.First - score.Second))));
    }
}
