using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Steps;
using Mofo.ML.Trainers;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Memory;

/// <summary>Largest resident memory of two ViT-B pretraining steps, each way in a process of its own, as the operating system counts it.</summary>
internal static class PeakMemory
{
    public static int Run()
    {
        Console.WriteLine("\n### Peak resident memory, two pretraining steps of ViT-B\n\n| | batch | MiB |\n|---|---|---|");
        foreach (var batch in new[] { 1, 8 })
        {
            foreach (var who in new[] { "reference", "float32", "bfloat16" })
            {
                OwnProcess.Run("peak", who, batch.ToString());
            }
        }

        return 0;
    }

    public static int Child(string who, int batch)
    {
        var candidate = who switch
        {
            "reference" => PretrainingSteps.Reference(VitConfig.Base, batch),
            "float32" => PretrainingSteps.Ours(VitConfig.Base, batch, ScalarType.Float32),
            _ => PretrainingSteps.Ours(VitConfig.Base, batch, ScalarType.BFloat16),
        };
        candidate.Run();
        candidate.Run();
        Console.WriteLine($"| {candidate.Name} | {batch} | {ProcessClock.PeakMiB:0} |");
        return 0;
    }
}
