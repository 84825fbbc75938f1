using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Measuring;

/// <summary>Where models are measured: on the CPU, or where MOFO_BENCH_DEVICE says (<c>cuda</c>).</summary>
internal static class ComputeDevice
{
    public static Device Chosen { get; } = device(Environment.GetEnvironmentVariable("MOFO_BENCH_DEVICE") ?? "cpu");

    /// <summary>Waits for what was asked of a GPU, which answers before it has worked.</summary>
    public static void Wait()
    {
        if (Chosen.type == DeviceType.CUDA)
        {
            cuda.synchronize(Chosen);
        }
    }
}
