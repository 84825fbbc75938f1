namespace Mofo.ML.Benchmarks.Motion;

/// <summary>A real clip and whether the detector may be tuned on it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Set">The folder it comes from.</param>
/// <param name="ForTuning">Named by a train.csv; of the loose clips every other one. The rest is held out.</param>
internal sealed record RealClip(string Path, string Set, bool ForTuning)
{
    /// <summary>All clips of a folder with the layout of MOFO_VIDEOS: sets with train.csv and test.csv, and loose files.</summary>
    public static IReadOnlyList<RealClip> Of(string root)
    {
        var listed =
            from set in Directory.GetDirectories(root).Order(StringComparer.Ordinal)
            from list in new[] { "train.csv", "test.csv" }
            where File.Exists(System.IO.Path.Combine(set, list))
            from line in File.ReadLines(System.IO.Path.Combine(set, list))
            let file = System.IO.Path.Combine(set, line[..line.LastIndexOf(' ')])
            select new RealClip(file, System.IO.Path.GetFileName(set), list == "train.csv");
        var loose = System.IO.Path.Combine(root, "loose");
        var files = Directory.Exists(loose) ? Directory.GetFiles(loose, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        RealClip[] all = [.. listed, .. files.Select((file, i) => new RealClip(file, "loose", i % 2 == 0))];

        // Mixed, so that the first so many are a fair sample.
        new Random(1).Shuffle(all);
        return all;
    }
}
