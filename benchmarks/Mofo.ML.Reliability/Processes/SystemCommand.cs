using System.ComponentModel;
using System.Diagnostics;

namespace Mofo.ML.Reliability.Processes;

/// <summary>Runs a command of the system.</summary>
internal static class SystemCommand
{
    public static ProcessResult Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ProcessResult(process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            return new ProcessResult(-1, "", e.Message);
        }
    }
}
