using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Cli.Tests;

/// <summary>The service in a process of its own.</summary>
public sealed class ServeTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    private const string Listening = "Now listening on: ";

    [Fact]
    public async Task A_saved_pipeline_is_served_until_Ctrl_C()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with kill.");
        var cancel = TestContext.Current.CancellationToken;
        string[] command = [SecondProcess.InOwnFolder("mofo", "src", "Mofo.ML.Cli"), "serve", Path.Combine(clips.Finetuned, "model.zip"), "--urls", "http://127.0.0.1:0", "--max-frames", "500"];
        using var process = Process.Start(new ProcessStartInfo(SecondProcess.Host, command) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(cancel);
        string? address = null;
        while (address is null && await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            address = line.Contains(Listening, StringComparison.Ordinal) ? line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim() : null;
        }

        Assert.True(address is not null, address is null ? await errors : "");
        var rest = process.StandardOutput.ReadToEndAsync(cancel);
        using var client = new HttpClient { BaseAddress = new Uri(address!) };
        var health = await client.GetFromJsonAsync<JsonNode>("/health", cancel);
        Assert.Equal(["pan", "still"], health!["classes"]!.AsArray().Select(name => (string)name!).Order());
        Assert.Contains("<html", await client.GetStringAsync("/", cancel));

        Interrupt.Send(process);
        _ = await rest;
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, await errors);
    }

    [Theory]
    [InlineData("serve", "missing.onnx")]
    [InlineData("serve", "MODEL", "--queue", "-1")]
    public void What_cannot_be_served_gives_2(params string[] args) =>
        Assert.Equal(2, Tool.Run([.. args.Select(arg => arg == "MODEL" ? Path.Combine(clips.Finetuned, "model.zip") : arg)]).ExitCode);
}
