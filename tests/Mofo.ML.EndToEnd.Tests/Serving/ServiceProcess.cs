using System.Diagnostics;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>examples/ServeWithOnnx as a process of its own on a free port, as a user runs it.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listening = "Now listening on: ";
    private readonly Process _process;

    private ServiceProcess(Process process, Uri address) => (_process, Client) = (process, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) });

    public static string Program { get; } = SecondProcess.InOwnFolder("ServeWithOnnx", "examples", "ServeWithOnnx");

    /// <summary>The folder with the program and all its files.</summary>
    public static string Folder => Path.GetDirectoryName(Program)!;

    public HttpClient Client { get; }

    /// <summary>Starts the service and waits until it listens.</summary>
    /// <param name="temporary">Where it may put uploads.</param>
    /// <param name="arguments">Its settings.</param>
    public static ServiceProcess Start(string temporary, params string[] arguments)
    {
        var process = Process.Start(Command(temporary, ["--urls", "http://127.0.0.1:0", .. arguments]))!;
        var errors = process.StandardError.ReadToEndAsync(); // a full pipe would block the service
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                _ = Task.Run(() => process.StandardOutput.BaseStream.CopyToAsync(Stream.Null)); // likewise
                return new ServiceProcess(process, new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException($"The service ended: {errors.GetAwaiter().GetResult()}");
    }

    /// <summary>Runs it with settings that it refuses.</summary>
    public static (int ExitCode, string Errors) Fail(string temporary, params string[] arguments)
    {
        using var process = Process.Start(Command(temporary, arguments))!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ProcessStartInfo Command(string temporary, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(SecondProcess.Host, [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["TMPDIR"], start.Environment["TMP"]) = (temporary, temporary);
        return start;
    }
}
