using Mofo.ML.Transforms.MlNetBridge;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Where tensors live: the MLContext's GPU where it names one that is there, else the CPU.</summary>
internal static class DeviceChoice
{
    /// <exception cref="InvalidOperationException">A GPU is asked for, is not there, and falling back is not allowed.</exception>
    public static Device For(StageHost host)
    {
        if (host.GpuDeviceId is not { } gpu)
        {
            return CPU;
        }

        if (cuda.is_available() && gpu < cuda.device_count())
        {
            return new Device(TorchSharp.DeviceType.CUDA, gpu);
        }

        return host.FallbackToCpu ? CPU : throw new InvalidOperationException(
            Invariant($"MLContext.GpuDeviceId is {gpu} and FallbackToCpu is false, but {(cuda.is_available() ? Invariant($"there are {cuda.device_count()} CUDA devices") : "no CUDA device can be used")}."));
    }
}
