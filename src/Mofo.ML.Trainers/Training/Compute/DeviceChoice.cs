using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Where tensors live: the MLContext's GPU where it names one that is there, else the CPU.</summary>
internal static class DeviceChoice
{
    /// <summary>Chooses on another thread, which loads libtorch meanwhile, and then the library that reads videos: both take a quarter of a second.</summary>
    /// <returns>Waits for the choice; throws as <see cref="For"/>.</returns>
    public static Func<Device> Begin(StageHost host)
    {
        var choice = Task.Run(() => For(host));
        _ = choice.ContinueWith(_ => OpenCvLibrary.IsLoaded(), TaskScheduler.Default); // where it is missing, the first video says so
        return () => choice.GetAwaiter().GetResult();
    }

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
