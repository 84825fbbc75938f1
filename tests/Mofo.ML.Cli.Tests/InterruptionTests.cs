using System.Diagnostics;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Cli.Tests;

/// <summary>Ctrl+C in a process of its own.</summary>
public sealed class InterruptionTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task Ctrl_C_leaves_a_checkpoint_from_which_the_same_command_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with kill.");
        string[] command = [SecondProcess.InOwnFolder("mofo", "src", "Mofo.ML.Cli"), .. clips.Training("finetune", "stopped", epochs: 40), "--checkpoint-minutes", "0"];
        using (var process = Process.Start(new ProcessStartInfo(SecondProcess.Host, command) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.TrimStart().StartsWith("finetuning:", StringComparison.Ordinal))
            {
            }

            Interrupt.Send(process);
            _ = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var said = await errors;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 130, said);
            Assert.Contains("Stopped.", said);
            Assert.Contains("The same command resumes from", said);
        }

        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(clips.PathOf("stopped/checkpoints")));
        Assert.False(File.Exists(clips.PathOf("stopped/model.zip")));
        var second = SecondProcess.Start(SecondProcess.Host, command, new Dictionary<string, string>());
        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.True(File.Exists(clips.PathOf("stopped/model.zip")));
    }
}
