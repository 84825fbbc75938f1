using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Training.Compute;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>How cost grows: processor seconds per clip of a pretraining step and of scoring, and the arithmetic that they do.</summary>
internal static class Growth
{
    private static readonly ScalarType Type = ComputeTypes.Choose(Precision.Auto, CPU);
    private static readonly VitConfig Small = VitConfig.Small with { ImageSize = 112 };

    public static int Run()
    {
        Console.WriteLine($"\n### How cost grows ({Type}, processor seconds per clip)\n");
        Console.WriteLine("| | pretraining s | GFLOP | GFLOP/s | scoring s | GFLOP | GFLOP/s |\n|---|---|---|---|---|---|---|");
        foreach (var batch in new[] { 1, 2, 4, 8, 16 })
        {
            Row($"ViT-S 112 px, batch {batch}", Small, batch);
        }

        foreach (var frames in new[] { 8, 32, 64 })
        {
            Row($"ViT-S 112 px, batch 1, {frames} frames", Small with { Frames = frames }, 1);
        }

        foreach (var size in new[] { 64, 160, 224 })
        {
            Row($"ViT-S {size} px, batch 1", Small with { ImageSize = size }, 1);
        }

        Row("ViT-B 112 px, batch 1", VitConfig.Base with { ImageSize = 112 }, 1);
        Row("ViT-L 112 px, batch 1", VitConfig.Large with { ImageSize = 112 }, 1);
        foreach (var classes in new[] { 10, 1000, 10_000 })
        {
            Row($"ViT-S 112 px, batch 1, {classes} classes", Small, 1, classes);
        }

        return 0;
    }

    private static void Row(string name, VitConfig config, int batch, int classes = ClassifierSteps.Classes)
    {
        var pretraining = Once(PretrainingSteps.Ours(config, batch, Type));
        var scoring = Once(ClassifierSteps.Ours(config, batch, Type, classes: classes).Scoring);
        Console.WriteLine($"| {name} | {pretraining} | {scoring} |");
    }

    private static string Once(Candidate candidate)
    {
        candidate.Run();
        var seconds = Interleaved.Median(Enumerable.Range(0, 3).Select(_ => Measurement.Of(candidate.Run).ProcessorSeconds)) / candidate.Clips;
        var work = candidate.GigaFlops / candidate.Clips;
        return $"{seconds:0.000} | {work:0.0} | {work / seconds:0}";
    }
}
