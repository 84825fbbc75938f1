using Microsoft.ML;
using Mofo.ML.EndToEnd.Tests.Pipelines;
using PuppeteerSharp;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>The service's page in a real browser, where one is installed (Debian's package chromium).</summary>
public sealed class PageTests(TrainedPipeline pipeline) : IClassFixture<TrainedPipeline>
{
    /// <summary>Most time for one step of the browser, in milliseconds: enough on a machine that runs other tests too.</summary>
    private const int Patience = 300_000;

    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", // a webcam that shows a moving disc, and no question whether the page may use it
    ];

    [Fact]
    public async Task A_person_picks_a_video_and_sees_its_frames_boxes_and_classes_where_the_browser_cannot_play_it()
    {
        await using var visit = await Visit.Begin(pipeline);
        var page = visit.Page;
        var row = pipeline.Ml.Data.CreateEnumerable<Scored>(pipeline.Model.Transform(pipeline.Test), reuseRowObject: false).First();
        await Send(page, row.VideoPath);
        await Answered(page);
        Assert.Contains(await Text(page, "#label"), pipeline.Classifier.ClassLabels);
        Assert.Contains("20 frames of ", await Text(page, "#state"), StringComparison.Ordinal);
        Assert.Equal(pipeline.Classifier.ClassLabels.Count, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('#scores tr').length"));
        Assert.Equal(pipeline.Classifier.ClassLabels.Count, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('#classes li').length"));
        _ = await page.WaitForFunctionAsync("() => document.querySelector('#frame').naturalWidth > 0");
        Assert.True(await page.EvaluateExpressionAsync<bool>(Drawn("boxes")));
        Assert.True(await page.EvaluateExpressionAsync<bool>(Drawn("motion")));
        Assert.False(await page.EvaluateExpressionAsync<bool>("document.querySelector('#unplayable').hidden"));

        // The slider stops the frames and shows another one.
        await page.EvaluateExpressionAsync("{ const s = document.querySelector('#seek'); s.value = 19; s.dispatchEvent(new Event('input')); }");
        _ = await page.WaitForFunctionAsync("() => document.querySelector('#position').textContent === 'frame 20 of 20'");
        Assert.Equal("Play", await Text(page, "#play"));
        await visit.Screenshot("frames");
        Assert.Empty(visit.Complaints);

        // What is no video is refused in words, and the answer before it is gone.
        var text = pipeline.Scratch("notes.mp4");
        await File.WriteAllTextAsync(text, "no video");
        await Send(page, text);
        _ = await page.WaitForFunctionAsync("() => document.querySelector('#error').textContent !== ''");
        Assert.StartsWith("The video cannot be used", await Text(page, "#error"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.querySelector('#answer').hidden"));
        await visit.Screenshot("refused");
    }

    [Fact]
    public async Task A_recording_of_the_webcam_is_played_with_its_boxes()
    {
        await using var visit = await Visit.Begin(pipeline);
        var page = visit.Page;
        await page.ClickAsync("#webcam");
        _ = await page.WaitForSelectorAsync("#stop:not([hidden])");
        _ = await page.WaitForFunctionAsync("() => document.querySelector('#preview').currentTime > 1");
        await page.ClickAsync("#stop");
        await Answered(page);
        Assert.Equal("", await Text(page, "#error"));
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.querySelector('#unplayable').hidden"));
        _ = await page.WaitForFunctionAsync("() => document.querySelector('#player').readyState >= 2");

        // A browser may refuse to start a video by itself; a person presses the button. On a busy machine the recording lasts a few frames only, so its length says nothing.
        await page.EvaluateExpressionAsync("document.querySelector('#player').paused && document.querySelector('#play').click()");
        _ = await page.WaitForFunctionAsync("() => document.querySelector('#player').played.length > 0");
        _ = await page.WaitForFunctionAsync($"() => {Drawn("boxes")}");
        await visit.Screenshot("webcam");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_sample_of_the_service_is_one_click_away_and_the_api_has_a_page()
    {
        await using var visit = await Visit.Begin(pipeline, "--Reference", Reference());
        var page = visit.Page;
        _ = await page.WaitForSelectorAsync("#samples button");
        await visit.Screenshot("start");
        await page.ClickAsync("#samples button");
        await Answered(page);
        await visit.Screenshot("sample");
        _ = await page.GoToAsync(new Uri(visit.Address, "api").ToString());
        _ = await page.WaitForFunctionAsync("() => document.body.innerText.includes('/predict')");
        await visit.Screenshot("api");
        Assert.DoesNotContain(visit.Complaints, complaint => !complaint.StartsWith("@scalar/api-reference@", StringComparison.Ordinal)); // its greeting
    }

    private string Reference()
    {
        var list = pipeline.Scratch("reference.csv");
        File.WriteAllLines(list, pipeline.Ml.Data.CreateEnumerable<Scored>(pipeline.Model.Transform(pipeline.Test), reuseRowObject: false).Select(row => row.VideoPath));
        return list;
    }

    /// <summary>Whether anything is drawn on a canvas, as an expression of the page.</summary>
    private static string Drawn(string canvas) =>
        $"(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value > 0))(document.querySelector('#{canvas}'))";

    private static Task Answered(IPage page) => page.WaitForSelectorAsync("#answer:not([hidden])");

    private static async Task Send(IPage page, string file)
    {
        var input = await page.QuerySelectorAsync("#video");
        await input.UploadFileAsync(file);
        await page.ClickAsync("#send");
    }

    private static Task<string> Text(IPage page, string selector) => page.EvaluateExpressionAsync<string>($"document.querySelector('{selector}').textContent");

    /// <summary>A service, a browser, and the service's page in it.</summary>
    private sealed class Visit : IAsyncDisposable
    {
        private readonly ServiceProcess _service;
        private readonly IBrowser _browser;

        private Visit(ServiceProcess service, IBrowser browser, IPage page)
        {
            (_service, _browser, Page) = (service, browser, page);
            page.Console += (_, message) => Complaints.Add(message.Message.Text);
            page.PageError += (_, error) => Complaints.Add(error.Message);
        }

        public IPage Page { get; }

        /// <summary>What the page wrote to the browser's console, errors and policies that it broke among it.</summary>
        public List<string> Complaints { get; } = [];

        public Uri Address => _service.Client.BaseAddress!;

        public static async Task<Visit> Begin(TrainedPipeline pipeline, params string[] settings)
        {
            var browserPath = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
            Assert.SkipWhen(browserPath is null, "No Chromium is installed; the page was not tried in a browser.");
            var model = pipeline.Scratch("page.onnx");
            pipeline.Ml.Model.ConvertMofoToOnnx(pipeline.Model, model);
            var service = ServiceProcess.Start(Directory.CreateDirectory(pipeline.Scratch("page-uploads")).FullName, ["--Model", model, .. settings]);
            var browser = await Puppeteer.LaunchAsync(
                new LaunchOptions { ExecutablePath = browserPath, Headless = true, Args = Quiet, UserDataDir = pipeline.Scratch($"profile-{Guid.NewGuid():N}"), DefaultViewport = new ViewPortOptions { Width = 1100, Height = 900 }, Timeout = Patience, ProtocolTimeout = Patience });
            var visit = new Visit(service, browser, await browser.NewPageAsync());
            (visit.Page.DefaultTimeout, visit.Page.DefaultNavigationTimeout) = (Patience, Patience);
            _ = await visit.Page.GoToAsync(visit.Address.ToString());
            return visit;
        }

        /// <summary>Writes what is seen to the folder that <c>MOFO_SCREENSHOTS</c> names; nothing without it.</summary>
        public async Task Screenshot(string name)
        {
            if (Environment.GetEnvironmentVariable("MOFO_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await Page.ScreenshotAsync(Path.Combine(Directory.CreateDirectory(folder).FullName, name + ".png"), new ScreenshotOptions { FullPage = true });
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _browser.DisposeAsync();
            _service.Dispose();
        }
    }
}
