using System.Runtime.InteropServices;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>The compute capability of an NVIDIA card, read from its driver: TorchSharp 0.107 does not report it.</summary>
internal static partial class CudaCapability
{
    // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR of the CUDA driver API.
    private const int MajorAttribute = 75;

    /// <summary>First generation with bfloat16 products in hardware: Ampere, capability 8.0 (CUDA C++ programming guide, table of arithmetic throughput).</summary>
    private const int FirstWithBFloat16 = 8;

    /// <summary>Whether a card of this major capability multiplies bfloat16; null, a card that does not report it (another vendor's), does not.</summary>
    public static bool HasBFloat16(int? major) => major >= FirstWithBFloat16;

    /// <summary>The major capability of a card; null where there is no NVIDIA driver or no such card.</summary>
    /// <param name="index">Number of the card among those that the process may use, as torch counts them.</param>
    public static int? MajorOf(int index)
    {
        try
        {
            return OperatingSystem.IsWindows() ? Ask(Windows.Init, Windows.DeviceOf, Windows.Attribute, index) : Ask(Linux.Init, Linux.DeviceOf, Linux.Attribute, index);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static int? Ask(Func<uint, int> init, Query<int> deviceOf, AttributeQuery attribute, int index) =>
        init(0) == 0 && deviceOf(out var device, index) == 0 && attribute(out var major, MajorAttribute, device) == 0 ? major : null;

    private delegate int Query<in T>(out int value, T of);

    private delegate int AttributeQuery(out int value, int attribute, int device);

    private static partial class Linux
    {
        private const string Driver = "libcuda.so.1";

        [LibraryImport(Driver, EntryPoint = "cuInit")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int Init(uint flags);

        [LibraryImport(Driver, EntryPoint = "cuDeviceGet")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int DeviceOf(out int device, int ordinal);

        [LibraryImport(Driver, EntryPoint = "cuDeviceGetAttribute")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int Attribute(out int value, int attribute, int device);
    }

    private static partial class Windows
    {
        private const string Driver = "nvcuda.dll";

        [LibraryImport(Driver, EntryPoint = "cuInit")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static partial int Init(uint flags);

        [LibraryImport(Driver, EntryPoint = "cuDeviceGet")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static partial int DeviceOf(out int device, int ordinal);

        [LibraryImport(Driver, EntryPoint = "cuDeviceGetAttribute")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static partial int Attribute(out int value, int attribute, int device);
    }
}
