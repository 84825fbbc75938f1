using System.Diagnostics;
using System.Globalization;

namespace Mofo.ML.Reliability.Soak;

/// <summary>examples/ServeWithOnnx as a process of its own on a free port, watched from outside.</summary>
internal sealed class Service : IDisposable
{
    private const string Listening = "Now listening on: ";
    private readonly Process _process;

    private Service(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the service and waits until it listens.</summary>
    /// <param name="program">ServeWithOnnx.dll.</param>
    /// <param name="uploads">Where it may put uploads.</param>
    /// <param name="arguments">Its settings.</param>
    public static Service Start(string program, string uploads, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", "--UploadFolder", uploads, "--Logging:LogLevel:Default", "Information", "--Logging:LogLevel:Microsoft.AspNetCore", "Warning", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(); // a full pipe would block the service
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // likewise
                return new Service(process, new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException($"The service ended: {errors.GetAwaiter().GetResult()}");
    }

    /// <summary>What it holds now: memory in MiB, open files, threads. Zeros where the system does not say.</summary>
    public Footprint Measure()
    {
        _process.Refresh();
        var files = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/fd")).Length : 0;
        return new Footprint(_process.WorkingSet64 / (double)(1 << 20), files, _process.Threads.Count);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>What a process holds.</summary>
internal sealed record Footprint(double Megabytes, int Files, int Threads);
