using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using PuppeteerSharp;

namespace Mofo.ML.Cli.Tests;

/// <summary>Clips of real cameras, and files that are none, from MOFO_VIDEOS.</summary>
public sealed class RealClipTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    private static readonly string[] Quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    [Fact]
    public void Check_finds_every_damaged_file_and_says_why()
    {
        var outcome = Tool.Run("check", RealVideos.PathOf("corrupt"), "--motion", "false", "--json");
        Assert.Equal(1, outcome.ExitCode);
        var found = JsonNode.Parse(outcome.Output)!;
        var files = Directory.EnumerateFiles(RealVideos.PathOf("corrupt")).Count();
        Assert.Equal((files, files), (found["videos"]!.AsArray().Count, (int)found["bad"]!));
        Assert.All(found["videos"]!.AsArray(), video => Assert.NotEmpty(video!["remarks"]!.AsArray()));
    }

    [Fact]
    public async Task A_browser_plays_the_users_own_file_with_its_boxes()
    {
        var browserPath = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(browserPath is null, "No Chromium is installed; the page was not tried in a browser.");
        var clip = Directory.EnumerateFiles(RealVideos.PathOf("ut_interaction/clips"), "*.mp4", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var file = (string)Tool.Json("draw", clip, "--format", "html", "--out", clips.PathOf("page"))["files"]![0]!;
        await using var browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = browserPath, Headless = true, Args = Quiet, UserDataDir = clips.PathOf("profile") });
        await using var page = await browser.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Message.Text);
        _ = await page.GoToAsync(new Uri(file).AbsoluteUri);
        _ = await page.WaitForFunctionAsync("() => document.querySelector('.clip').dataset.source === 'video'");
        await page.ClickAsync(".clip canvas");
        _ = await page.WaitForFunctionAsync("() => +document.querySelector('.clip input').value > 510");
        Assert.Empty(complaints);
    }
}
