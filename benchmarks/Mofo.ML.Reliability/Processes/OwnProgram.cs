using System.Diagnostics;

namespace Mofo.ML.Reliability.Processes;

/// <summary>Runs this program again with another command: what may crash, hang or be killed is done in a process that can be lost.</summary>
internal static class OwnProgram
{
    /// <summary>Objects of managed code that one child may hold: a parser that takes more fails instead of filling the machine.</summary>
    private const string HeapLimit = "0x60000000";

    public static ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Host) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(OwnProgram).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["OMP_NUM_THREADS"] = "1"; // several children may work at once, and torch's threads would wait for each other
        return start;
    }

    public static ProcessResult Run(IEnumerable<string> arguments, Action<ProcessStartInfo>? change = null)
    {
        var start = Command(arguments);
        change?.Invoke(start);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new ProcessResult(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Like <see cref="Run"/>; raises what went wrong.</summary>
    public static string Require(IEnumerable<string> arguments, Action<ProcessStartInfo>? change = null)
    {
        var run = Run(arguments, change);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException(FormattableString.Invariant($"'{string.Join(' ', arguments)}' ended with {run.ExitCode}: {run.Errors}"));
    }

    private static string Host => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
}
