using PuppeteerSharp;

namespace Mofo.ML.Cli.Tests;

/// <summary>The report: one file, no network, and in a real browser, where one is installed (Debian's package chromium), clips that play.</summary>
public sealed class ReportPageTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    [Fact]
    public void The_page_loads_nothing_from_elsewhere()
    {
        var page = File.ReadAllText(Path.Combine(clips.Finetuned, "report.html"));
        Assert.Contains("Content-Security-Policy", page);
        Assert.DoesNotContain("http://", page);
        Assert.DoesNotContain("https://", page);
        Assert.DoesNotContain(" src=\"/", page);
        Assert.DoesNotContain("NaN", page[..page.LastIndexOf("<script>", StringComparison.Ordinal)]);
    }

    [Fact]
    public void The_page_shows_curves_tables_confusion_clips_and_settings()
    {
        var page = File.ReadAllText(Path.Combine(clips.Finetuned, "report.html"));
        foreach (var part in new[] { ">Loss<", ">Learning rate<", "top-1", ">Calibration<", "Confusion: rows", "class=\"clip\"", ">still<", "--base-learning-rate", "TorchSharp" })
        {
            Assert.Contains(part, page);
        }

        Assert.Contains("alt=\"original, visible part and reconstruction\"", File.ReadAllText(Path.Combine(clips.Pretrained, "report.html")));
    }

    [Fact]
    public async Task Clips_play_in_a_browser_with_their_boxes()
    {
        var browserPath = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(browserPath is null, "No Chromium is installed; the page was not tried in a browser.");
        var report = Path.Combine(clips.Finetuned, "report.html");
        await using var browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = browserPath, Headless = true, Args = Quiet, UserDataDir = clips.PathOf("profile") });
        await using var page = await browser.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Message.Text);
        page.PageError += (_, error) => complaints.Add(error.Message);
        _ = await page.GoToAsync(new Uri(report).AbsoluteUri);

        // The picture is drawn once it is decoded: its middle is then no longer transparent.
        _ = await page.WaitForFunctionAsync("() => { const c = document.querySelector('.clip canvas'); return c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[3] === 255; }");
        await page.ClickAsync(".clip button");
        _ = await page.WaitForFunctionAsync("() => document.querySelector('.clip button').textContent === '❚❚' && +document.querySelector('.clip input').value !== 500");
        await page.ClickAsync("table.sortable th:nth-child(2)");
        Assert.Empty(complaints);
        if (Environment.GetEnvironmentVariable("MOFO_SCREENSHOT") is { Length: > 0 } screenshot)
        {
            await page.ScreenshotAsync(screenshot, new ScreenshotOptions { FullPage = true });
        }
    }
}
