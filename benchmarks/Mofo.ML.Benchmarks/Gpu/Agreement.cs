using System.Globalization;
using Microsoft.ML;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Pipelines;
using Mofo.ML.Trainers;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>Whether bfloat16 on the card learns what float32 on the CPU learns: the same small set, seed and draws.</summary>
internal static class Agreement
{
    public static int Run(GpuSizes sizes)
    {
        if (RealVideos.Folder is not { } folder)
        {
            return RealVideos.Absent();
        }

        var set = Path.GetDirectoryName(folder)!;
        var epochs = sizes.SmallBatch < 32 ? 2 : 60;
        Console.WriteLine($"\n### Small set (fight_surv), {epochs} epochs of the recipe for it\n\n| | last loss | top-1 on the test list |\n|---|---|---|");
        foreach (var (name, onCard, precision) in new[] { ("float32 on the CPU", false, Precision.Float32), ("float32 on the card", true, Precision.Float32), ("bfloat16 on the card", true, Precision.BFloat16) })
        {
            var ml = onCard ? ComputeDevice.Context() : new MLContext(1);
            var (train, test) = (Rows(ml, set, "train.csv"), Rows(ml, set, "test.csv"));
            var loss = 0.0;
            var options = MofoFinetuningOptions.For(72);
            (options.Epochs, options.WarmupEpochs, options.Precision, options.Seed, options.Progress) = (epochs, epochs * 0.05, precision, 1, new ImmediateProgress<TrainingProgress>(p => loss = p.Loss));
            var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.MofoFinetune(options));
            using var model = pipeline.Fit(train);
            var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {loss:0.0000} | {metrics.MicroAccuracy:0.000} |"));
        }

        return 0;
    }

    private static IDataView Rows(MLContext ml, string set, string list) => ml.Data.LoadFromEnumerable(File.ReadLines(Path.Combine(set, list))
        .Select(line => line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        .Select(parts => new VideoOfClass(Path.Combine(set, parts[0]), parts[1], [60, 40, 200, 180])));
}
