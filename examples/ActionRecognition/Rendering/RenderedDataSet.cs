using System.Collections.Concurrent;
using System.Text.Json;

namespace ActionRecognition.Rendering;

/// <summary>The embedded data set on disk: clips, train.csv, test.csv, classes.txt, truth.json, and a manifest that says it is whole.</summary>
internal static class RenderedDataSet
{
    private const string Manifest = "manifest.json";

    /// <summary>Makes sure that <paramref name="folder"/> holds the data set of <paramref name="options"/>; what is there already is kept.</summary>
    /// <param name="folder">Where it goes. If it holds another rendering, that is replaced.</param>
    /// <param name="options">What to render.</param>
    /// <param name="progress">Told the number of clips done and to do.</param>
    /// <returns>Whether anything had to be rendered.</returns>
    public static bool Ensure(string folder, DataSetOptions options, IProgress<(int Done, int Total)>? progress = null)
    {
        var manifest = Path.Combine(folder, Manifest);
        var wanted = JsonSerializer.Serialize(options);
        if (File.Exists(manifest) && File.ReadAllText(manifest) == wanted)
        {
            return false;
        }

        OpenCvLibrary.Prepare();
        Clear(folder);
        var truth = RenderAll(folder, options, progress);
        WriteLists(folder, options);
        File.WriteAllText(Path.Combine(folder, TruthFile.Name), JsonSerializer.Serialize(truth));
        // Written last: a folder without it was left half done and is rendered again.
        File.WriteAllText(manifest, wanted);
        return true;
    }

    private static SortedDictionary<string, double[][]> RenderAll(
        string folder, DataSetOptions options, IProgress<(int Done, int Total)>? progress)
    {
        ClipFile[] clips = [.. Clips(options, "train", options.TrainClipsPerClass), .. Clips(options, "test", options.TestClipsPerClass)];
        var truth = new ConcurrentDictionary<string, double[][]>(StringComparer.Ordinal);
        var done = 0;
        Parallel.ForEach(clips, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, clip =>
        {
            truth[clip.Path] = clip.Write(options, folder);
            progress?.Report((Interlocked.Increment(ref done), clips.Length));
        });
        return new SortedDictionary<string, double[][]>(truth, StringComparer.Ordinal);
    }

    private static IEnumerable<ClipFile> Clips(DataSetOptions options, string split, int perClass) =>
        from index in Enumerable.Range(0, perClass)
        from motion in MotionClasses.All
        select ClipFile.Of(options, split, motion, index);

    private static void WriteLists(string folder, DataSetOptions options)
    {
        File.WriteAllLines(Path.Combine(folder, "classes.txt"), MotionClasses.All.Select(MotionClasses.NameOf));
        foreach (var (split, perClass) in new[] { ("train", options.TrainClipsPerClass), ("test", options.TestClipsPerClass) })
        {
            File.WriteAllLines(
                Path.Combine(folder, $"{split}.csv"),
                Clips(options, split, perClass).Select(clip => $"{clip.Path} {(int)clip.Motion}"));
        }
    }

    /// <summary>Takes away an earlier rendering, and nothing that is not one.</summary>
    private static void Clear(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, Manifest));
        foreach (var split in (string[])["train", "test"])
        {
            var clips = Directory.CreateDirectory(Path.Combine(folder, split));
            var ours = MotionClasses.All.Select(MotionClasses.NameOf).ToArray();
            foreach (var file in clips.EnumerateFiles().Where(f => ours.Any(name => f.Name.StartsWith(name, StringComparison.Ordinal))))
            {
                file.Delete();
            }
        }
    }
}
