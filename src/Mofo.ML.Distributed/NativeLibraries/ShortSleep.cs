using System.Runtime.InteropServices;

namespace Mofo.ML.Distributed.NativeLibraries;

/// <summary>Sleeps of less than a millisecond, which .NET rounds up.</summary>
internal static partial class ShortSleep
{
    /// <summary>Yields the processor for about this number of microseconds (a millisecond on Windows).</summary>
    public static void Microseconds(uint time)
    {
        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep(1);
        }
        else
        {
            _ = USleep(time);
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int USleep(uint microseconds);
}
