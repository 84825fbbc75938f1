namespace Mofo.ML.Trainers;

/// <summary>What a classifier said of one video.</summary>
/// <param name="VideoPath">The video, as the data named it.</param>
/// <param name="Label">Name of its true class; null where none is known.</param>
/// <param name="Scores">One score per class, larger is likelier; all NaN for a video that could not be read.</param>
public sealed record ScoredVideo(string VideoPath, string? Label, IReadOnlyList<double> Scores)
{
    /// <summary>Whether the video could not be scored.</summary>
    public bool IsMissing => Scores.Any(double.IsNaN);

    /// <summary>Number of the best class, from 0; of equal scores the first. Null for a video that could not be scored.</summary>
    public int? Best => IsMissing ? null : Enumerable.Range(0, Scores.Count).MaxBy(k => Scores[k]);

    /// <summary>Classes that rank before this one: 0 for the best. Of equal scores the earlier class ranks first. A missing video ranks all classes last.</summary>
    internal int RankOf(int scoreIndex)
    {
        if (IsMissing)
        {
            return int.MaxValue;
        }

        var own = Scores[scoreIndex];
        var before = 0;
        for (var k = 0; k < Scores.Count; k++)
        {
            before += Scores[k] > own || (Scores[k] == own && k < scoreIndex) ? 1 : 0;
        }

        return before;
    }
}
