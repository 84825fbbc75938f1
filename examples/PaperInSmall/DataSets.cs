using System.Globalization;
using ActionRecognition.Evaluation;
using ActionRecognition.Rendering;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms;

namespace PaperInSmall;

/// <summary>The sets by name: <c>rendered</c> or a folder of real clips; <c>NAME-N</c> has N labelled clips a class.</summary>
internal sealed class DataSets(Settings settings)
{
    private const int RenderedPerClass = 150;
    private const int RenderedTestsPerClass = 40;
    private const string Rendered = "rendered";

    private readonly MLContext _ml = new(seed: 1);
    private readonly Dictionary<string, Pool> _pools = [];

    /// <summary>Renders or finds the set and detects its motion; both are kept in the results folder. Null where a real set is not at hand.</summary>
    public DataSet? Open(string name)
    {
        var (set, perClass) = Parse(name);
        if (set == Rendered)
        {
            var folder = Path.Combine(settings.Out, "clips");
            _ = RenderedDataSet.Ensure(folder, new DataSetOptions { TrainClipsPerClass = RenderedPerClass, TestClipsPerClass = RenderedTestsPerClass });
            return Labelled(name, folder, perClass, PoolOf("rendered", folder, () => List(folder, "train.csv")));
        }

        return settings.Videos is { } videos && File.Exists(Path.Combine(videos, set, "train.csv"))
            ? Labelled(name, Path.Combine(videos, set), perClass, PoolOf("real", videos, () => Unlabelled(videos)))
            : null;
    }

    /// <summary>The set's name and, after a hyphen, the labelled clips of a class; all of them where there is no number.</summary>
    private static (string Set, int? PerClass) Parse(string name) =>
        name.LastIndexOf('-') is > 0 and var hyphen && int.TryParse(name.AsSpan(hyphen + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var few) ? (name[..hyphen], few) : (name, null);

    /// <summary>Every list of training clips and every list of unlabelled clips in the folders of the real sets; never a list of test or unseen clips.</summary>
    private static IEnumerable<ListedClip> Unlabelled(string videos) =>
        from folder in Directory.EnumerateDirectories(videos).Order(StringComparer.Ordinal)
        from list in (string[])["train.csv", "unlabelled.txt"]
        where File.Exists(Path.Combine(folder, list))
        from clip in List(folder, list)
        select clip;

    private static IEnumerable<ListedClip> List(string folder, string list)
    {
        var ml = new MLContext();
        return ml.Data.CreateEnumerable<ListedClip>(ml.Data.LoadVideoList(Path.Combine(folder, list), folder), reuseRowObject: false);
    }

    private Pool PoolOf(string name, string folder, Func<IEnumerable<ListedClip>> clips)
    {
        if (!_pools.TryGetValue(name, out var pool))
        {
            ListedClip[] all = [.. clips()];
            _pools[name] = pool = new Pool(name, RunName.HashOfClips(folder, all, labelled: false), all.Length, new Lazy<IDataView>(() => WithBoxes(_ml.Data.LoadFromEnumerable(all))));
        }

        return pool;
    }

    private DataSet Labelled(string name, string folder, int? perClass, Pool pool)
    {
        IDataView Load(string list) => _ml.Data.LoadVideoList(Path.Combine(folder, list), folder, Path.Combine(folder, "classes.txt"));
        ListedClip[] Listed(IDataView view) => [.. _ml.Data.CreateEnumerable<ListedClip>(view, reuseRowObject: false)];
        var (train, test) = (Listed(Load("train.csv")), Listed(Load("test.csv")));
        if (perClass is { } few)
        {
            train = [.. train.GroupBy(clip => clip.Label).SelectMany(group => group.Take(few))];
        }

        var (trainView, testView) = (_ml.Data.LoadFromEnumerable(train), _ml.Data.LoadFromEnumerable(test));
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(trainView);
        return new DataSet(name, RunName.HashOfClips(folder, [.. train, .. test], labelled: true), WithBoxes(keys.Transform(trainView)), WithBoxes(keys.Transform(testView)), train, test, pool);
    }

    /// <summary>Boxes found now and kept in memory: every cell reads the same ones, and no cell's time includes the search.</summary>
    private IDataView WithBoxes(IDataView clips)
    {
        var options = MotionDetectionOptions.BoxPaths;
        options.CacheFolder = Path.Combine(settings.Out, "motion");
        var known = _ml.Data.Cache(_ml.Transforms.DetectMotion(options: options).Fit(clips).Transform(clips));
        _ = known.GetColumn<float[]>("MotionBoxes").Count();
        return known;
    }
}
