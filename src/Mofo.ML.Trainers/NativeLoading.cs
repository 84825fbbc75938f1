using System.Runtime.CompilerServices;
using Mofo.ML.Trainers.OpticalFlow;
using Mofo.ML.Transforms.MotionStages;
using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.Trainers;

/// <summary>Has the native loader listening before any code of this assembly touches TorchSharp.</summary>
internal static class NativeLoading
{
#pragma warning disable CA2255 // A library's module initialiser is the only hook that comes before every public entry point.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        // Torch's threads ask how to wait when they are loaded, so that comes first.
        _ = Training.Compute.ThreadWaiting.Sleep();
        _ = Training.Compute.HeapRetention.Enable();
        NativeLoader.Register(typeof(TorchSharp.torch).Assembly, NativeLoader.Torch);
        DeviceFlow.Register(new TensorFlows());
    }
}
