using System.Globalization;
using Mofo.ML.Trainers;

namespace Mofo.ML.Research;

/// <summary>The result files of the original's final test (one per worker, a line per view), merged as the original merges them.</summary>
/// <remarks>
/// A line is <c>name [logits] label chunk split</c>; the first line holds figures of the last batch and is skipped. Softmax per view in double precision,
/// mean over the views of a video; a view that comes twice (the workers' lists overlap) counts once.
/// </remarks>
public static class OriginalScores
{
    /// <summary>Merges the files.</summary>
    /// <param name="paths">All files of one test.</param>
    /// <param name="classes">Class names in the order of the logits; null names them by number.</param>
    /// <returns>One row per video, in the order of first appearance.</returns>
    /// <exception cref="FormatException">A line cannot be read; the message names file and line.</exception>
    public static ScoredVideos Merge(IEnumerable<string> paths, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var views = paths.SelectMany(Views).DistinctBy(view => (view.Video, view.Chunk, view.Split)).ToList();
        var names = classes ?? [.. Enumerable.Range(0, views.Count == 0 ? 0 : views[0].Logits.Length).Select(k => Invariant($"{k}"))];
        var rows = views.GroupBy(view => view.Video).Select(group => new ScoredVideo(group.Key, names[group.First().Label], MeanOfSoftmax([.. group.Select(view => view.Logits)])));
        return new ScoredVideos(names, [.. rows]);
    }

    /// <summary>The mean over views of the softmax over classes; not the softmax of the mean.</summary>
    internal static double[] MeanOfSoftmax(IReadOnlyList<double[]> views)
    {
        var mean = new double[views[0].Length];
        foreach (var logits in views)
        {
            var largest = logits.Max();
            var raised = logits.Select(logit => Math.Exp(logit - largest)).ToArray();
            var sum = raised.Sum();
            for (var k = 0; k < mean.Length; k++)
            {
                mean[k] += raised[k] / sum / views.Count;
            }
        }

        return mean;
    }

    private static IEnumerable<View> Views(string path) =>
        File.ReadLines(path).Index().Skip(1).Where(line => line.Item.Length > 0).Select(line => Parse(path, line.Index + 1, line.Item));

    private static View Parse(string path, int number, string line)
    {
        // From the last bracket back: a name may hold brackets too.
        var (open, close) = (line.LastIndexOf('['), line.LastIndexOf(']'));
        var tail = close < 0 ? [] : line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (open < 0 || close < open || tail.Length != 3 || !int.TryParse(tail[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var label))
        {
            throw new FormatException(Invariant($"{path}, line {number}: it must be 'name [logits] label chunk split'."));
        }

        try
        {
            var logits = line[(open + 1)..close].Split(',').Select(text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray();
            return new View(line[..open].Trim(), logits, label, tail[1], tail[2]);
        }
        catch (FormatException error)
        {
            throw new FormatException(Invariant($"{path}, line {number}: a logit is not a number."), error);
        }
    }

    private sealed record View(string Video, double[] Logits, int Label, string Chunk, string Split);
}
