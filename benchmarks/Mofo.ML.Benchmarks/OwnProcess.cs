using System.Diagnostics;

namespace Mofo.ML.Benchmarks;

/// <summary>Runs a command of this program in a fresh process, for figures that belong to a whole process.</summary>
internal static class OwnProcess
{
    /// <summary>Runs a command that has to succeed.</summary>
    public static void Run(params string[] command)
    {
        var code = ExitCodeOf(command);
        if (code != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}.");
        }
    }

    /// <summary>Runs a command that may fail.</summary>
    public static int ExitCodeOf(params string[] command)
    {
        // Self-contained or not: the same program again.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        }

        foreach (var word in command)
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
