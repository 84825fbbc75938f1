using System.Runtime.InteropServices;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Has the C heap keep the memory of large tensors instead of handing each back to the kernel and faulting it in again.</summary>
/// <remarks>
/// glibc unmaps every block above its threshold when it is freed, and every step of training frees and makes the same large tensors: measured, half of
/// the system time of a ViT-B step. The process keeps up to its peak afterwards. It acts on the process's first thread; blocks that others make live
/// in heaps of 64 MiB, too small for large tensors. Elsewhere (other C libraries, other systems) it does nothing.
/// </remarks>
internal static partial class HeapRetention
{
    // Parameters of mallopt(3).
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    private static readonly Lazy<bool> Kept = new(Keep);

    /// <summary>Switches it on for the process, once.</summary>
    /// <returns>Whether the heap accepted it.</returns>
    public static bool Enable() => Kept.Value;

    private static bool Keep()
    {
        if (!OperatingSystem.IsLinux() || IsSetByUser())
        {
            return false;
        }

        try
        {
            var kept = SetOption(MmapThreshold, 1 << 30) != 0 && SetOption(TrimThreshold, int.MaxValue) != 0 && SetOption(TopPad, 64 << 20) != 0;
            if (kept)
            {
                _ = HugePages.Request();
            }

            return kept;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false; // musl has no such setting
        }
    }

    /// <summary>What the user has set for the heap (mallopt(3), tunables of glibc) stays. A heap that fills freed memory would touch all that it is extended by.</summary>
    private static bool IsSetByUser() =>
        Array.Exists(["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_PERTURB_"], name => Environment.GetEnvironmentVariable(name) is not null)
        || Environment.GetEnvironmentVariable("GLIBC_TUNABLES")?.Contains("glibc.malloc.", StringComparison.Ordinal) == true;

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int parameter, int value);
}
