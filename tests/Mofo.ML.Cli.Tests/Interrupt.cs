using System.Diagnostics;
using System.Globalization;

namespace Mofo.ML.Cli.Tests;

/// <summary>Ctrl+C for another process.</summary>
internal static class Interrupt
{
    private const int Number = 2; // SIGINT

    /// <summary>Sends SIGINT; SIGTERM, which does the same in <c>mofo</c>, where a shell that started the tests in the background has all processes ignore SIGINT.</summary>
    public static void Send(Process process)
    {
        using var kill = Process.Start("kill", [IsIgnoredBy(process) ? "-TERM" : "-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static bool IsIgnoredBy(Process process)
    {
        const string ignored = "SigIgn:";
        var status = $"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/status";
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(line => line.StartsWith(ignored, StringComparison.Ordinal)) is { } signals
            && (ulong.Parse(signals.AsSpan(ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (Number - 1))) != 0;
    }
}
