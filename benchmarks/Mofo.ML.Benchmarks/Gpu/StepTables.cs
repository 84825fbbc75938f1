using System.Globalization;
using Mofo.ML.Trainers;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>Milliseconds and memory of single steps. Each kind runs in a process of its own, so that the card's memory is that kind's alone.</summary>
internal static class StepTables
{
    public static int Pretraining(GpuSizes sizes)
    {
        foreach (var (batch, type) in Cases(sizes))
        {
            Row(sizes, "pretraining step", batch, type, TrainingSteps.Pretraining(sizes.Network, type, TrainingSteps.Clips(sizes.Network, batch)));
        }

        return 0;
    }

    public static int Finetuning(GpuSizes sizes)
    {
        foreach (var (batch, type) in Cases(sizes))
        {
            Row(sizes, "finetuning step, mean of tokens", batch, type, TrainingSteps.Finetuning(sizes.Network, type, batch, MotionFusion.None));
        }

        return 0;
    }

    public static int Fusion(GpuSizes sizes)
    {
        var batch = sizes.Batches[^1];
        Row(sizes, "finetuning step, cross-attention", batch, ScalarType.BFloat16, TrainingSteps.Finetuning(sizes.Network, ScalarType.BFloat16, batch, MotionFusion.MultiHeadCrossAttention));
        return 0;
    }

    public static int Scoring(GpuSizes sizes)
    {
        foreach (var (batch, type) in Cases(sizes))
        {
            Row(sizes, "scoring", batch, type, TrainingSteps.Scoring(sizes.Network, type, batch, MotionFusion.None));
        }

        return 0;
    }

    public static void Header() => Console.WriteLine("| | batch | type | ms | least - most | clips/s | card memory |\n|---|---|---|---|---|---|---|");

    public static void Row(GpuSizes sizes, string what, int batch, ScalarType type, Action step)
    {
        var (middle, least, most) = GpuClock.PerStep(sizes, step);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {sizes.NetworkName}: {what} | {batch} | {type} | {middle:0.0} | {least:0.0} - {most:0.0} | {batch / middle * 1000:0} | {CardMemory.UsedNow()} |"));
    }

    /// <summary>bfloat16 first, batches growing, so that the memory named is theirs; then float32 at the smallest batch, which says enough.</summary>
    private static IEnumerable<(int Batch, ScalarType Type)> Cases(GpuSizes sizes) =>
        [.. sizes.Batches.Select(batch => (batch, ScalarType.BFloat16)), .. sizes.Batches.Length > 1 ? [(sizes.Batches[0], ScalarType.Float32)] : Array.Empty<(int, ScalarType)>()];
}
