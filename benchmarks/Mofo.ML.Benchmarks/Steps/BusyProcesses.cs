using System.Diagnostics;
using System.Globalization;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>Other work on the machine: one process for each processor that never pauses, until this is disposed.</summary>
internal sealed class BusyProcesses : IDisposable
{
    private readonly List<Process> _all = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Start())];

    /// <summary>A process that keeps a processor busy until it is killed, or the one that started it is gone.</summary>
    public static int Spin(int parent)
    {
        var value = 0L;
        while (Process.GetProcesses().Any(process => process.Id == parent))
        {
            for (var i = 0; i < 2_000_000_000; i++)
            {
                value += i ^ value;
            }
        }

        return value == 0 ? 1 : 0;
    }

    public void Dispose() => _all.ForEach(process =>
    {
        process.Kill();
        process.Dispose();
    });

    private static Process Start() => Process.Start(
        new ProcessStartInfo("dotnet") { ArgumentList = { typeof(BusyProcesses).Assembly.Location, "spin", Environment.ProcessId.ToString(CultureInfo.InvariantCulture) } })!;
}
