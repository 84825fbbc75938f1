using ActionRecognition.Evaluation;
using ActionRecognition.Rendering;
using ActionRecognition.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PaperInSmall;

/// <summary>A data set whose motion boxes are detected and whose labels are keys.</summary>
internal sealed record DataSet(string Name, IDataView Train, IDataView Test, IReadOnlyList<ListedClip> TrainClips, IReadOnlyList<ListedClip> TestClips)
{
    /// <summary>Renders or finds the set and detects motion in it; both are kept in the results folder. Null where a real set is not at hand.</summary>
    public static DataSet? Open(Settings settings, string name)
    {
        var folder = name == Settings.Rendered ? Path.Combine(settings.Out, "clips") : settings.Videos is { } videos ? Path.Combine(videos, name) : null;
        if (name == Settings.Rendered)
        {
            _ = RenderedDataSet.Ensure(folder!, new DataSetOptions { TrainClipsPerClass = settings.ClipsPerClass });
        }

        if (folder is null || !File.Exists(Path.Combine(folder, "train.csv")))
        {
            return null;
        }

        var ml = new MLContext(seed: 1);
        IDataView Load(string list) => ml.Data.LoadVideoList(Path.Combine(folder, list), folder, Path.Combine(folder, "classes.txt"));
        var (train, test) = (Load("train.csv"), Load("test.csv"));
        var prepare = ml.Transforms.DetectMotion(options: SmallNetwork.Detection(Path.Combine(settings.Out, "motion"))).Append(ml.Transforms.Conversion.MapValueToKey("Label")).Fit(train);
        ListedClip[] Listed(IDataView view) => [.. ml.Data.CreateEnumerable<ListedClip>(view, reuseRowObject: false)];

        // Kept in memory: every cell reads the same boxes. Reading them once finds them now, so that no cell's time includes it.
        var (knownTrain, knownTest) = (ml.Data.Cache(prepare.Transform(train)), ml.Data.Cache(prepare.Transform(test)));
        _ = knownTrain.GetColumn<float[]>("MotionBoxes").Count() + knownTest.GetColumn<float[]>("MotionBoxes").Count();
        return new DataSet(name, knownTrain, knownTest, Listed(train), Listed(test));
    }
}
