using System.Runtime.CompilerServices;
using Mofo.ML.Trainers;
using TorchSharp;

namespace ActionRecognition.CommandLine;

/// <summary>The GPUs that torch can use here.</summary>
internal static class CudaDevices
{
    /// <summary>How many there are; 0 with the CPU build of torch.</summary>
    public static int Count
    {
        get
        {
            // The library loads torch on systems where it does not load as it comes, and here nothing of the library may have run yet.
            RuntimeHelpers.RunModuleConstructor(typeof(VitConfig).Module.ModuleHandle);
            return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        }
    }
}
