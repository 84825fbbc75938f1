using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Distributed;
using Mofo.ML.Transforms;

namespace Mofo.ML.MpiUser;

/// <summary>Detection, and what a saved model says of the boxes found: shared out, then written as this rank sees it.</summary>
/// <remarks>list: clips; model: a saved pretrained stage or classifier, or none; out: folder.</remarks>
internal static class SharedList
{
    public static void Run(MpiWorld world, Settings settings)
    {
        var ml = new MLContext(seed: 5);
        IDataView list = ml.Data.LoadVideoList(settings["list"], videoFolder: Path.GetDirectoryName(settings["list"]));
        var options = new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.Farneback, OnBadVideo = settings.Flag("skip") ? BadVideoHandling.Skip : BadVideoHandling.Throw };
        var detected = world.Transform(ml.Transforms.DetectMotion(options: options).Fit(list), list);
        var found = settings.Find("model") is { } model ? world.Transform(ml.Model.Load(model, out _), detected) : detected;
        Directory.CreateDirectory(settings["out"]);
        var paths = found.GetColumn<string>("VideoPath").Select(Path.GetFileName);
        var boxes = found.GetColumn<float[]>("MotionBoxes");
        var vectors = found.GetColumn<float[]>(found.Schema.GetColumnOrNull("Score")?.Name ?? found.Schema.GetColumnOrNull("Features")?.Name ?? "MotionBoxes").ToList();
        var rows = paths.Zip(boxes, vectors).Select(row => new { Path = row.First, Boxes = Known(row.Second), Vector = Known(row.Third) });
        File.WriteAllText(Path.Combine(settings["out"], $"rows{world.Rank}.json"), JsonSerializer.Serialize(rows));

        static float[] Known(float[] values) => Array.ConvertAll(values, value => float.IsNaN(value) ? -1 : value);
    }
}
