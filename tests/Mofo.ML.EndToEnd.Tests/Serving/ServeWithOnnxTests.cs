using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Mofo.ML.EndToEnd.Tests.Pipelines;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>The web service in a process without libtorch: its answers against the TorchSharp pipeline, its limits, many requests at once.</summary>
public sealed class ServeWithOnnxTests : IClassFixture<TrainedPipeline>, IDisposable
{
    private readonly TrainedPipeline _pipeline;
    private readonly string _uploads;
    private readonly ServiceProcess _service;

    public ServeWithOnnxTests(TrainedPipeline trained)
    {
        _pipeline = trained.Exact();
        var model = trained.Scratch("served.onnx");
        trained.Ml.Model.ConvertMofoToOnnx(trained.Model, model);
        _uploads = Directory.CreateDirectory(trained.Scratch($"uploads-{Guid.NewGuid():N}")).FullName;
        _service = ServiceProcess.Start(_uploads, "--Model", model, "--MaxMegabytes", "1", "--MaxFrames", "30", "--Concurrency", "1", "--Queue", "2");
    }

    public void Dispose()
    {
        _service.Dispose();
        Assert.Empty(Directory.GetFiles(_uploads, "mofo-upload-*"));
    }

    [Fact]
    public async Task Answers_are_those_of_the_TorchSharp_pipeline_and_come_without_libtorch()
    {
        Assert.DoesNotContain(
            Directory.GetFiles(ServiceProcess.Folder, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).Contains("torch", StringComparison.OrdinalIgnoreCase));
        var classes = _pipeline.Classifier.ClassLabels;
        foreach (var row in _pipeline.Ml.Data.CreateEnumerable<Scored>(_pipeline.Model.Transform(_pipeline.Test), reuseRowObject: false).Take(3))
        {
            var answer = (await (await Post(row.VideoPath)).Content.ReadFromJsonAsync<JsonObject>())!;
            var scores = answer["scores"]!.AsArray().ToDictionary(score => (string)score!["label"]!, score => (float)score!["score"]!);
            Assert.All(classes.Zip(row.Score), pair => Assert.InRange(scores[pair.First] - pair.Second, -1e-5f, 1e-5f));
            Assert.Equal(row.PredictedLabel, (string)answer["label"]!);
            Assert.Equal(row.MotionBoxes[..4], answer["motionBox"]!.AsArray().Select(value => (float)value!));
            Assert.Equal(row.MotionBoxes.Length / 4, (int)answer["frames"]!);
            Assert.Equal((int)answer["frames"]!, answer["frameBoxes"]!.AsArray().Count);
            var picture = Convert.FromBase64String(((string)answer["overlay"]!)["data:image/png;base64,".Length..]);
            Assert.Equal("PNG"u8.ToArray(), picture[1..4]);
        }
    }

    [Fact]
    public async Task Health_page_and_metrics_are_there()
    {
        var health = (await _service.Client.GetFromJsonAsync<JsonObject>("health"))!;
        Assert.Equal(_pipeline.Classifier.ClassLabels, health["classes"]!.AsArray().Select(name => (string)name!));
        Assert.Contains("<input id=\"video\"", await _service.Client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        _ = await Post(Clips()[0]);
        var metrics = await _service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative));
        Assert.Contains("mofo_videos_answered_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mofo_frames_total 20\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_uploads_are_refused_with_a_reason_and_leave_nothing()
    {
        var text = _pipeline.Scratch("text.mp4");
        await File.WriteAllTextAsync(text, "not a video");
        await Refused(HttpStatusCode.UnprocessableEntity, "The video cannot be used", await Post(text));
        await Refused(HttpStatusCode.BadRequest, "The field 'video' is empty.", await Post([], "video", "empty.mp4"));
        await Refused(HttpStatusCode.BadRequest, "The form has no field 'video'.", await Post([1], "other", "clip.mp4"));
        await Refused(HttpStatusCode.RequestEntityTooLarge, "larger than 1 MiB", await Post(new byte[(1 << 20) + 5000], "video", "large.mp4"));
        await Refused(HttpStatusCode.UnsupportedMediaType, "Send a form", await _service.Client.PostAsync(new Uri("predict", UriKind.Relative), new ByteArrayContent([1, 2, 3])));
        var damaged = new ByteArrayContent("no boundary anywhere"u8.ToArray());
        damaged.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        await Refused(HttpStatusCode.BadRequest, "", await _service.Client.PostAsync(new Uri("predict", UriKind.Relative), damaged));
        var video = await File.ReadAllBytesAsync(Clips()[0]);
        await Refused(HttpStatusCode.UnprocessableEntity, "", await Post(video[..(video.Length / 20)], "video", "cut.mp4"));

        // A name that tries to leave the folder, or to run something, is a name and nothing else.
        var tricky = await Post(video, "video", "../../../../etc/cron.d/$(reboot).mp4");
        Assert.Equal(HttpStatusCode.OK, tricky.StatusCode);
        Assert.Contains("mofo_videos_refused_total{status=\"413\"} 1\n", await _service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_video_of_too_many_frames_is_refused()
    {
        var frames = _pipeline.Scratch("long.avi");
        using (var writer = new OpenCvSharp.VideoWriter(frames, OpenCvSharp.FourCC.FromString("MJPG"), 25, new OpenCvSharp.Size(32, 32)))
        {
            using var grey = new OpenCvSharp.Mat(32, 32, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(90));
            Enumerable.Range(0, 31).ToList().ForEach(_ => writer.Write(grey));
        }

        await Refused(HttpStatusCode.UnprocessableEntity, "it has more than 30 frames", await Post(frames));
    }

    [Fact]
    public async Task Many_requests_at_once_are_answered_alike_or_sent_away()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Post(Clips()[0])));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
        var good = await Task.WhenAll(answers.Where(answer => answer.IsSuccessStatusCode).Select(answer => answer.Content.ReadAsStringAsync()));
        Assert.NotEmpty(good);
        Assert.Single(good.Distinct());
        Assert.Equal(HttpStatusCode.OK, (await Post(Clips()[0])).StatusCode);
    }

    [Fact]
    public async Task More_uploads_than_the_queue_holds_are_sent_away_and_slow_ones_hold_up_nobody()
    {
        var (address, video) = (_service.Client.BaseAddress!, await File.ReadAllBytesAsync(Clips()[0]));
        using var first = await HeldUpload.Begin(address, video);
        Assert.Equal(HttpStatusCode.OK, (await Post(Clips()[0])).StatusCode); // although only one video is worked on at a time
        using var second = await HeldUpload.Begin(address, video);
        using var third = await HeldUpload.Begin(address, video);
        var refused = await Post(Clips()[0]);
        await Refused(HttpStatusCode.TooManyRequests, "try again later", refused);
        Assert.Contains("mofo_videos_refused_total{status=\"429\"}", await _service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative)), StringComparison.Ordinal);
        foreach (var upload in new[] { first, second, third })
        {
            Assert.Equal("HTTP/1.1 200 OK", await upload.Finish());
        }
    }

    [Fact]
    public async Task Play_lists_make_the_service_read_no_other_file()
    {
        // FFmpeg would follow this list to the video beside it, and the service would show what is not the sender's. The control character makes it no plain text.
        File.Copy(Clips()[0], Path.Combine(_uploads, "private.avi"));
        await Refused(HttpStatusCode.UnprocessableEntity, "it is none of MP4", await Post("ffconcat version 1.0\n#\u0001\nfile private.avi\n"u8.ToArray(), "video", "list.mp4"));
        await Refused(HttpStatusCode.UnprocessableEntity, "it is none of MP4", await Post("#EXTM3U\n#\u0001\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nprivate.avi\n"u8.ToArray(), "video", "list.m3u8"));
    }

    [Fact]
    public async Task An_upload_that_comes_to_a_halt_ends()
    {
        using var impatient = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--TimeoutSeconds", "1");
        using var held = await HeldUpload.Begin(impatient.Client.BaseAddress!, await File.ReadAllBytesAsync(Clips()[0]));
        Assert.StartsWith("HTTP/1.1 408 ", await held.Status(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_cannot_be_used_are_named()
    {
        var (code, errors) = ServiceProcess.Fail(_uploads);
        Assert.Equal(2, code);
        Assert.Contains("There is no model. Give one with --Model FILE.onnx", errors, StringComparison.Ordinal);
        Assert.Contains("Queue is -1; it must be in [0, 10000].", ServiceProcess.Fail(_uploads, "--Model", "x.onnx", "--Queue", "-1").Errors, StringComparison.Ordinal);
        Assert.Contains("There is no ONNX file 'x.onnx'", ServiceProcess.Fail(_uploads, "--Model", "x.onnx", "--urls", "http://127.0.0.1:0").Errors, StringComparison.Ordinal);
    }

    private static async Task Refused(HttpStatusCode status, string reason, HttpResponseMessage response)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var detail = (string?)(await response.Content.ReadFromJsonAsync<JsonObject>())!["detail"] ?? "";
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("mofo-upload", detail, StringComparison.Ordinal);
    }

    private List<string> Clips() => [.. _pipeline.Ml.Data.CreateEnumerable<Scored>(_pipeline.Model.Transform(_pipeline.Test), reuseRowObject: false).Select(row => row.VideoPath).Take(1)];

    private async Task<HttpResponseMessage> Post(string path) => await Post(await File.ReadAllBytesAsync(path), "video", Path.GetFileName(path));

    private async Task<HttpResponseMessage> Post(byte[] content, string field, string fileName)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), field, fileName } };
        return await _service.Client.PostAsync(new Uri("predict", UriKind.Relative), form);
    }
}
