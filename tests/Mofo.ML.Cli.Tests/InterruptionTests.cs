using System.Diagnostics;

namespace Mofo.ML.Cli.Tests;

/// <summary>Ctrl+C in a process of its own.</summary>
public sealed class InterruptionTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public void Ctrl_C_leaves_a_checkpoint_from_which_the_same_command_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with kill.");
        string[] command = [SecondProcess.InOwnFolder("mofo", "src", "Mofo.ML.Cli"), .. clips.Training("finetune", "stopped", epochs: 40), "--checkpoint-minutes", "0"];
        using (var process = Process.Start(new ProcessStartInfo(SecondProcess.Host, command) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            var errors = process.StandardError.ReadToEndAsync();
            while (process.StandardOutput.ReadLine() is { } line && !line.TrimStart().StartsWith("finetuning:", StringComparison.Ordinal))
            {
            }

            Process.Start("kill", ["-INT", Invariant($"{process.Id}")]).WaitForExit();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 130, errors.GetAwaiter().GetResult());
            Assert.Contains("Stopped.", errors.GetAwaiter().GetResult());
        }

        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(clips.PathOf("stopped/checkpoints")));
        Assert.False(File.Exists(clips.PathOf("stopped/model.zip")));
        var second = SecondProcess.Start(SecondProcess.Host, command, new Dictionary<string, string>());
        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.True(File.Exists(clips.PathOf("stopped/model.zip")));
    }
}
