using ActionRecognition.Evaluation;

namespace ActionRecognition.Baselines;

/// <summary>What can be had without any model of motion: the accuracies that a real one has to beat.</summary>
/// <param name="MajorityClass">Accuracy of always answering the most frequent class of the training clips.</param>
/// <param name="DifferenceRidge">Accuracy of a ridge classifier on a grid of frame differences.</param>
internal sealed record BaselineScores(double MajorityClass, double DifferenceRidge)
{
    /// <summary>Strong: four per feature, because the videos are fewer than the features.</summary>
    private const double Penalty = 4 * FrameDifferences.Count;

    /// <summary>Trains on the first list and scores on the second; clips that cannot be read count as wrong.</summary>
    public static BaselineScores Measure(IReadOnlyList<ListedClip> train, IReadOnlyList<ListedClip> test)
    {
        var classes = train.Select(clip => clip.Label).Distinct().Order(StringComparer.Ordinal).ToList();
        var (rows, answers) = (Read(train), Read(test));
        var known = Enumerable.Range(0, train.Count).Where(i => rows[i] is not null).ToArray();
        var ridge = RidgeClassifier.Fit([.. known.Select(i => rows[i]!)], [.. known.Select(i => classes.IndexOf(train[i].Label))], Penalty);
        var majority = train.CountBy(clip => clip.Label).MaxBy(count => count.Value).Key;
        return new BaselineScores(
            test.Average(clip => clip.Label == majority ? 1.0 : 0),
            test.Select((clip, i) => answers[i] is { } row && classes[ridge.Predict(row)] == clip.Label ? 1.0 : 0).Average());
    }

    private static double[]?[] Read(IReadOnlyList<ListedClip> clips)
    {
        var rows = new double[]?[clips.Count];
        Parallel.For(0, clips.Count, i => rows[i] = FrameDifferences.Of(clips[i].VideoPath));
        return rows;
    }
}
