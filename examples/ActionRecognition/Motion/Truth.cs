using ActionRecognition.Rendering;
using Mofo.ML.Transforms;

namespace ActionRecognition.Motion;

/// <summary>The true boxes of a data set, where they are known, and how well found ones agree with them.</summary>
internal sealed class Truth
{
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, double[][]> _boxes;

    private Truth(string folder, IReadOnlyDictionary<string, double[][]> boxes) => (_folder, _boxes) = (folder, boxes);

    /// <summary>The truth that lies beside the lists, or null.</summary>
    public static Truth? Find(string folder) => TruthFile.Find(folder) is { } boxes ? new Truth(folder, boxes) : null;

    /// <summary>Smallest box round everything that moves in a clip; null for a clip without known truth.</summary>
    public MotionBox? UnionOf(string path) =>
        _boxes.TryGetValue(Path.GetRelativePath(_folder, path).Replace('\\', '/'), out var frames)
            ? frames.Select(b => new MotionBox((float)b[0], (float)b[1], (float)b[2], (float)b[3])).Aggregate((all, box) => all.Union(box))
            : null;

    /// <summary>Mean overlap (common over joint area) of the found with the true box of each clip.</summary>
    public double MeanOverlap(IEnumerable<KeyValuePair<string, BoxTrack>> tracks) => tracks
        .Select(track => UnionOf(track.Key)?.IntersectionOverUnion(track.Value.Union))
        .OfType<float>().DefaultIfEmpty(float.NaN).Average();
}
