using System.Globalization;
using System.Runtime.InteropServices;
using Mofo.ML.Benchmarks.Measuring;
using TorchSharp;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>What the card's memory holds, as its driver counts it: torch keeps what it once took, so that after a run of steps this is their peak.</summary>
internal static partial class CardMemory
{
    /// <summary>In words; nothing on a CPU.</summary>
    public static string UsedNow()
    {
        if (ComputeDevice.Chosen.type != DeviceType.CUDA || GetInfo(out var free, out var total) != 0)
        {
            return "";
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(total - free) / (double)(1 << 30):0.0} GiB");
    }

    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemGetInfo_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetInfo(out nuint free, out nuint total);
}
