using System.Diagnostics;
using Mofo.ML.Reliability.Processes;

namespace Mofo.ML.Reliability.Kills;

/// <summary>A job in a process of its own that has begun its work. What it writes is read all the time: a full pipe would stop it.</summary>
internal sealed class StartedJob : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task<string> _output;
    private readonly long _begun;

    private StartedJob(Process process, Task<string> errors) =>
        (_process, _errors, _output, _begun) = (process, errors, process.StandardOutput.ReadToEndAsync(), Stopwatch.GetTimestamp());

    /// <summary>Time since the work began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    /// <summary>Starts it and waits until it says "begin", or ends.</summary>
    public static StartedJob Begin(string[] command)
    {
        var process = Process.Start(OwnProgram.Command(command))!;
        var errors = process.StandardError.ReadToEndAsync();
        string? line;
        do
        {
            line = process.StandardOutput.ReadLine();
        }
        while (line is not (null or "begin"));
        return new StartedJob(process, errors);
    }

    /// <summary>Exit code and standard error, once it has ended by itself.</summary>
    public (int Code, string Errors) WaitForExit()
    {
        _process.WaitForExit();
        return (_process.ExitCode, _errors.GetAwaiter().GetResult());
    }

    /// <summary>Kills it when its work has lasted so long; false where it had ended before.</summary>
    public bool KillAfter(TimeSpan time)
    {
        var left = time - Elapsed;
        if (left > TimeSpan.Zero && _process.WaitForExit(left))
        {
            return false;
        }

        _process.Kill(); // SIGKILL on Unix: no handler, no finally, no flush
        _process.WaitForExit();
        return true;
    }

    public void Dispose()
    {
        Task.WaitAll(_output, _errors); // both end with the process
        _process.Dispose();
    }
}
