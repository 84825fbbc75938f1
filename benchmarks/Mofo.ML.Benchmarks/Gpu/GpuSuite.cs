using System.Diagnostics;
using Mofo.ML.Benchmarks.Measuring;
using TorchSharp;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>All tables of a card, each part in a process of its own: memory then belongs to the part, and a part that fails takes no other with it.</summary>
internal static class GpuSuite
{
    private static readonly Dictionary<string, Func<GpuSizes, int>> Parts = new()
    {
        ["pretraining"] = StepTables.Pretraining,
        ["finetuning"] = StepTables.Finetuning,
        ["fusion"] = StepTables.Fusion,
        ["scoring"] = StepTables.Scoring,
        ["card"] = OnCardSteps.Run,
        ["files"] = FromFiles.Run,
        ["agreement"] = Agreement.Run,
    };

    /// <summary>Whether torch sees a GPU: 0 or 1 as the program's exit code.</summary>
    public static int Check()
    {
        Console.WriteLine($"CUDA: {torch.cuda.is_available()}, devices: {torch.cuda.device_count()}");
        return torch.cuda.is_available() ? 0 : 1;
    }

    /// <summary>One part of the tables.</summary>
    public static int Part(string name, string size)
    {
        if (!Parts.TryGetValue(name, out var part))
        {
            Console.Error.WriteLine($"There is no GPU table '{name}'; there are {string.Join(", ", Parts.Keys)}.");
            return 1;
        }

        return part(GpuSizes.Of(size));
    }

    /// <summary>All parts, or those named.</summary>
    public static int Run(bool small, string[] names)
    {
        Console.WriteLine($"\n### Steps on {ComputeDevice.Chosen}: bytes from the loader's memory in every step, losses read every few steps\n");
        StepTables.Header();
        var failed = 0;
        foreach (var name in names.Length == 0 ? [.. Parts.Keys] : names)
        {
            var clock = Stopwatch.StartNew();
            var code = OwnProcess.ExitCodeOf("gpu-part", name, small ? "small" : "full");
            failed += code == 0 ? 0 : 1;
            Console.Error.WriteLine($"{name}: {(code == 0 ? "done" : $"failed with {code}")} in {clock.Elapsed.TotalSeconds:0} s");
        }

        return failed;
    }
}
