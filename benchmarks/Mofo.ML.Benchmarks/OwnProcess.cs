using System.Diagnostics;

namespace Mofo.ML.Benchmarks;

/// <summary>Runs a command of this program in a fresh process, for figures that belong to a whole process.</summary>
internal static class OwnProcess
{
    public static void Run(params string[] command)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false };
        start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        foreach (var word in command)
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
        }
    }
}
