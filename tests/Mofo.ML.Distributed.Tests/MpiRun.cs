using System.Diagnostics;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Distributed.Tests;

/// <summary>Runs a program, MpiUser unless another is named, on several processes of this machine.</summary>
internal static class MpiRun
{
    private const string Launcher = "mpirun.mpich";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static bool IsThere { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Launcher)));

    /// <summary>The program of these tests.</summary>
    public static string Program { get; } = SecondProcess.InOwnFolder("MpiUser");

    /// <summary>Skips the test where there is no MPICH.</summary>
    public static void Require() => Assert.SkipUnless(IsThere, $"There is no {Launcher} here (Debian, Ubuntu: apt-get install mpich).");

    /// <summary>Runs the program on so many ranks; 0 runs it without MPI.</summary>
    public static SecondProcess.Result Run(int ranks, params string[] arguments) => Watch(ranks, arguments, (_, _) => { });

    /// <summary>Runs the program on so many ranks that exchange messages over TCP, as on several machines.</summary>
    public static SecondProcess.Result RunOverTcp(int ranks, params string[] arguments) =>
        Start([Launcher, "-genv", "MPIR_CVAR_NOLOCAL", "1", "-genv", "UCX_TLS", "tcp,self", "-bind-to", "none", "-n", Invariant($"{ranks}"), SecondProcess.Host, Program, .. arguments], (_, _) => { });

    /// <summary>Runs another program on so many ranks.</summary>
    public static SecondProcess.Result RunProgram(int ranks, string program, params string[] arguments) => Start([Launcher, "-bind-to", "none", "-n", Invariant($"{ranks}"), SecondProcess.Host, program, .. arguments], (_, _) => { });

    /// <summary>Runs one rank with each of these command lines of a program: file and arguments.</summary>
    public static SecondProcess.Result RunEach(params string[][] lines) =>
        Start([Launcher, "-bind-to", "none", .. lines.SelectMany((line, i) => (string[])[.. i > 0 ? [":"] : (string[])[], "-n", "1", SecondProcess.Host, .. line])], (_, _) => { });

    /// <summary>What ranks said when they stopped all.</summary>
    public static IReadOnlyList<string> Messages(SecondProcess.Result result) => [.. result.Errors.Split('\n').Where(line => line.StartsWith("Mofo.ML: ", StringComparison.Ordinal))];

    /// <summary>Runs the program and hears every line of its output at once.</summary>
    /// <param name="ranks">Processes; 0 runs it without MPI.</param>
    /// <param name="arguments">Of the program.</param>
    /// <param name="heard">Told each line, and the process ids of the ranks that have reported themselves.</param>
    public static SecondProcess.Result Watch(int ranks, string[] arguments, Action<string, IReadOnlyDictionary<int, int>> heard)
    {
        string[] launch = ranks == 0 ? [SecondProcess.Host, Program] : [Launcher, "-bind-to", "none", "-n", Invariant($"{ranks}"), SecondProcess.Host, Program];
        return Start([.. launch, .. arguments], heard);
    }

    private static SecondProcess.Result Start(string[] command, Action<string, IReadOnlyDictionary<int, int>> heard)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        using var process = Process.Start(start)!;
        using var limit = new Timer(_ => process.Kill(entireProcessTree: true), null, Limit, Timeout.InfiniteTimeSpan);
        var errors = process.StandardError.ReadToEndAsync();
        var (output, ids) = (new List<string>(), new Dictionary<int, int>());
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output.Add(line);
            if (line.StartsWith("rank ", StringComparison.Ordinal) && line.Split(' ') is [_, var rank, "of", _, "is", "process", var id])
            {
                ids[int.Parse(rank)] = int.Parse(id);
            }

            heard(line, ids);
        }

        process.WaitForExit();
        return new SecondProcess.Result(process.ExitCode, string.Join('\n', output), errors.GetAwaiter().GetResult());
    }
}
