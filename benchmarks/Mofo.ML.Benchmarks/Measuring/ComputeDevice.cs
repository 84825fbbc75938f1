using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Measuring;

/// <summary>Where models are measured: on the CPU, or where MOFO_BENCH_DEVICE says (<c>cuda</c>).</summary>
internal static class ComputeDevice
{
    public static Device Chosen { get; } = device(Environment.GetEnvironmentVariable("MOFO_BENCH_DEVICE") ?? "cpu");

    /// <summary>A context whose stages work there.</summary>
    public static MLContext Context() => Chosen.type == DeviceType.CUDA ? new MLContext(1) { GpuDeviceId = 0, FallbackToCpu = false } : new MLContext(1);

    /// <summary>Waits for what was asked of a GPU, which answers before it has worked.</summary>
    public static void Wait()
    {
        if (Chosen.type == DeviceType.CUDA)
        {
            cuda.synchronize(Chosen);
        }
    }
}
