using Microsoft.ML;
using Mofo.ML.EndToEnd.Tests.Pipelines;
using PuppeteerSharp;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>The service's page in a real browser, where one is installed (Debian's package chromium).</summary>
public sealed class PageTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    [Fact]
    public async Task A_person_picks_a_video_and_sees_what_it_shows()
    {
        var browserPath = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(browserPath is null, "No Chromium is installed; the page was not tried in a browser.");
        var model = pipeline.Scratch("page.onnx");
        pipeline.Ml.Model.ConvertMofoToOnnx(pipeline.Model, model);
        using var service = ServiceProcess.Start(Directory.CreateDirectory(pipeline.Scratch("page-uploads")).FullName, "--Model", model);
        await using var browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = browserPath, Headless = true, Args = Quiet, UserDataDir = pipeline.Scratch("profile") });
        await using var page = await browser.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Message.Text);
        page.PageError += (_, error) => complaints.Add(error.Message);
        _ = await page.GoToAsync(service.Client.BaseAddress!.ToString());

        var row = pipeline.Ml.Data.CreateEnumerable<Scored>(pipeline.Model.Transform(pipeline.Test), reuseRowObject: false).First();
        await Send(page, row.VideoPath);
        _ = await page.WaitForSelectorAsync("#answer:not([hidden])");
        Assert.Contains(await Text(page, "#label"), pipeline.Classifier.ClassLabels);
        Assert.Contains("20 frames of ", await Text(page, "#state"), StringComparison.Ordinal);
        Assert.Equal(pipeline.Classifier.ClassLabels.Count, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('#scores tr').length"));
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.querySelector('#overlay').naturalWidth > 0"));
        Assert.Empty(complaints);
        if (Environment.GetEnvironmentVariable("MOFO_SCREENSHOT") is { Length: > 0 } screenshot)
        {
            await page.ScreenshotAsync(screenshot, new ScreenshotOptions { FullPage = true });
        }

        // What is no video is refused in words, and the answer before it is gone.
        var text = pipeline.Scratch("notes.mp4");
        await File.WriteAllTextAsync(text, "no video");
        await Send(page, text);
        _ = await page.WaitForFunctionAsync("() => document.querySelector('#error').textContent !== ''");
        Assert.StartsWith("The video cannot be used", await Text(page, "#error"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.querySelector('#answer').hidden"));
    }

    private static async Task Send(IPage page, string file)
    {
        var input = await page.QuerySelectorAsync("#video");
        await input.UploadFileAsync(file);
        await page.ClickAsync("#send");
    }

    private static Task<string> Text(IPage page, string selector) => page.EvaluateExpressionAsync<string>($"document.querySelector('{selector}').textContent");
}
