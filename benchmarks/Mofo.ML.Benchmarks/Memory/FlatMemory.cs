using Microsoft.ML;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Pipelines;
using Mofo.ML.Benchmarks.Steps;
using Mofo.ML.Trainers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Memory;

/// <summary>Whether anything grows: tensors alive and resident memory over many steps and predictions of a tiny network.</summary>
internal static class FlatMemory
{
    private static readonly VitConfig Tiny = new() { ImageSize = 64, EmbedDim = 48, Depth = 2, Heads = 3, DecoderDim = 24, DecoderDepth = 1, DecoderHeads = 3 };

    public static int Run(int steps, int predictions)
    {
        Console.WriteLine("\n### Memory over time, tiny network, bfloat16\n\n| done | tensors alive | resident MiB |\n|---|---|---|");
        Steps(steps);
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        Predictions(predictions);
        return 0;
    }

    private static void Steps(int steps)
    {
        var candidate = PretrainingSteps.Ours(Tiny, 4, ScalarType.BFloat16);
        for (var done = 0; done <= steps; done++)
        {
            if (done == 10 || (done > 0 && done % (steps / 4) == 0))
            {
                Report($"{done} steps");
            }

            candidate.Run();
        }
    }

    private static void Predictions(int predictions)
    {
        var ml = new MLContext(1);
        var files = RealVideos.Files(2);
        var options = new MofoFinetuningOptions { Model = Tiny, Epochs = 1, BatchSize = 2, ClipsPerVideo = 1, TestSegments = 1, TestCrops = 1, Precision = Precision.BFloat16 };
        var data = ml.Data.LoadFromEnumerable(VideoOfClass.From(files));
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.MofoFinetune(options: options)).Fit(data);
        var scored = model.Transform(ml.Data.LoadFromEnumerable(Many(files[0], predictions)));
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var score = cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(scored.Schema["Score"]);
        Microsoft.ML.Data.VBuffer<float> scores = default;
        for (var done = 1; cursor.MoveNext(); done++)
        {
            score(ref scores);
            if (done == 100 || done % (predictions / 4) == 0)
            {
                Report($"{done} predictions");
            }
        }
    }

    private static IEnumerable<VideoOfClass> Many(string file, int count) => Enumerable.Repeat(new VideoOfClass(file, "even", [60, 40, 200, 180]), count);

    private static void Report(string done) => Console.WriteLine(
        $"| {done} | {DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount} | {ProcessClock.ResidentMiB:0} |");
}
