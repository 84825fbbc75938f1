using System.Runtime.CompilerServices;
using Mofo.ML.Trainers;
using TorchSharp;

namespace ActionRecognition.CommandLine;

/// <summary>The GPUs that torch can use here.</summary>
internal static class CudaDevices
{
    /// <summary>Why a number after <c>--gpu</c> cannot be used; null where it can.</summary>
    public static string? Problem(int gpu)
    {
        // The library loads torch on systems where it does not load as it comes, and here nothing of the library may have run yet.
        RuntimeHelpers.RunModuleConstructor(typeof(VitConfig).Module.ModuleHandle);
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return gpu < 0 || gpu >= count ? $"--gpu is {gpu}; torch finds {count} CUDA devices." : null;
    }
}
