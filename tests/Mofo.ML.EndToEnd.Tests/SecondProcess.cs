using System.Diagnostics;

namespace Mofo.ML.EndToEnd.Tests;

/// <summary>Runs the ModelUser program beside the tests in a process of its own.</summary>
internal static class SecondProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static string Program => Path.Combine(AppContext.BaseDirectory, "ModelUser.dll");

    /// <summary>The same program in a folder of its own, where its list of dependencies lies beside it.</summary>
    public static string OwnFolderProgram => InOwnFolder("ModelUser");

    public static string Host => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>A program of the tests, where its own build put it.</summary>
    public static string InOwnFolder(string name) => InOwnFolder(name, "tests", name);

    /// <summary>A program of this checkout, where its own build put it.</summary>
    /// <param name="assembly">The assembly's name.</param>
    /// <param name="part">The folder of the checkout: tests, src, examples, benchmarks.</param>
    /// <param name="project">The project's folder.</param>
    public static string InOwnFolder(string assembly, string part, string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.GetFullPath(Path.Combine(here.FullName, "..", "..", "..", "..", "..", part, project, "bin", here.Parent!.Name, here.Name, assembly + ".dll"));
    }

    /// <summary>Runs ModelUser with these arguments.</summary>
    public static Result Run(params string[] arguments) => Start(Host, [Program, .. arguments], new Dictionary<string, string>());

    /// <summary>Runs any program, in a working folder of its own where one is given.</summary>
    public static Result Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Limit}.");
        }

        return new Result(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Runs ModelUser and kills it with SIGKILL as soon as it has said this line.</summary>
    /// <returns>Whether it came to that; false when the program ended before.</returns>
    public static bool KillAt(string line, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Host, [Program, .. arguments]) { RedirectStandardOutput = true })!;
        while (process.StandardOutput.ReadLine() is { } said)
        {
            if (said == line)
            {
                process.Kill(); // SIGKILL on Unix: no handler, no finally, no flush
                process.WaitForExit();
                return true;
            }
        }

        process.WaitForExit();
        return false;
    }

    internal sealed record Result(int ExitCode, string Output, string Errors)
    {
        /// <summary>Both streams, for searching.</summary>
        public string All => $"{Output}\n{Errors}";
    }
}
