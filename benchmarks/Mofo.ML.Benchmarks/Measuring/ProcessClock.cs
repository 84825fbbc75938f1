using System.Globalization;
using System.Runtime.InteropServices;

namespace Mofo.ML.Benchmarks.Measuring;

/// <summary>What the operating system says about this process.</summary>
internal static partial class ProcessClock
{
    private const int ProcessTime = 2; // CLOCK_PROCESS_CPUTIME_ID of clock_gettime(2)

    /// <summary>Processor seconds of all threads so far.</summary>
    public static double ProcessorSeconds
    {
        get
        {
            _ = GetTime(ProcessTime, out var time);
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }
    }

    /// <summary>Memory pages made so far without disk access.</summary>
    public static long PageFaults => long.Parse(AfterName(File.ReadAllText("/proc/self/stat"))[7], CultureInfo.InvariantCulture);

    /// <summary>Resident memory in MiB now.</summary>
    public static double ResidentMiB => Status("VmRSS:");

    /// <summary>Largest resident memory in MiB so far.</summary>
    public static double PeakMiB => Status("VmHWM:");

    private static double Status(string field) => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) / 1024;

    /// <summary>The fields of proc(5) after the command's name, which may hold spaces.</summary>
    private static string[] AfterName(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
