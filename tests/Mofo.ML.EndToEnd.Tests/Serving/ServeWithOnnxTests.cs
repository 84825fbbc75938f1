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
        Assert.Empty(Directory.GetFiles(_uploads, "upload-*", SearchOption.AllDirectories));
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
            Assert.Equal((int)answer["frames"]!, answer["motion"]!.AsArray().Count);
            Assert.All(answer["motion"]!.AsArray(), value => Assert.InRange((float)value!, 0, float.MaxValue));
            Assert.Equal(scores.Values.Max() >= (double)answer["familiarFrom"]!, (bool)answer["familiar"]!);
            Assert.Null(answer["pictures"]);
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
    public async Task The_openapi_document_describes_every_address_and_what_it_answers()
    {
        var document = (await _service.Client.GetFromJsonAsync<JsonObject>("openapi.json"))!;
        var paths = document["paths"]!.AsObject();
        Assert.Superset(new HashSet<string> { "/predict", "/health", "/samples", "/samples/{name}", "/progress/{number}" }, paths.Select(path => path.Key).ToHashSet());
        var predict = paths["/predict"]!["post"]!;
        Assert.NotNull(predict["requestBody"]!["content"]!["multipart/form-data"]);
        Assert.Superset(new HashSet<string> { "200", "400", "413", "415", "422", "429" }, predict["responses"]!.AsObject().Select(answer => answer.Key).ToHashSet());
        var answered = (await (await Post(Clips()[0])).Content.ReadFromJsonAsync<JsonObject>())!.Select(property => property.Key);
        Assert.Equal(document["components"]!["schemas"]!["Answer"]!["properties"]!.AsObject().Select(property => property.Key).Order(), answered.Order());
    }

    [Fact]
    public async Task Samples_are_those_that_the_service_lists_and_no_other_file()
    {
        var names = (await _service.Client.GetFromJsonAsync<string[]>("samples"))!;
        Assert.Equal(["disc to the left.avi", "disc to the right.avi"], names);
        foreach (var name in names)
        {
            var clip = await _service.Client.GetByteArrayAsync(new Uri($"samples/{Uri.EscapeDataString(name)}", UriKind.Relative));
            var answer = (await (await Post(clip, "video", name)).Content.ReadFromJsonAsync<JsonObject>())!;
            Assert.True(answer["motionFound"] is null || (bool)answer["motionFound"]!, name);
        }

        foreach (var other in new[] { "lock", "..%2Flock", "%2Fetc%2Fpasswd", "nothing.avi" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _service.Client.GetAsync(new Uri($"samples/{other}", UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task Frames_come_as_pictures_where_they_are_asked_for()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(Clips()[0])), "video", "clip.avi" } };
        using var response = await _service.Client.PostAsync(new Uri("predict?pictures=true", UriKind.Relative), form);
        var pictures = (await response.Content.ReadFromJsonAsync<JsonObject>())!["pictures"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, 20), pictures.Select(picture => (int)picture!["index"]!));
        Assert.All(pictures, picture => Assert.StartsWith("data:image/jpeg;base64,/9j/", (string)picture!["picture"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clip_is_unfamiliar_where_its_best_class_is_below_all_but_one_in_twenty_of_the_reference_clips()
    {
        var scored = _pipeline.Ml.Data.CreateEnumerable<Scored>(_pipeline.Model.Transform(_pipeline.Test), reuseRowObject: false).ToList();
        var list = _pipeline.Scratch("held-back.csv");
        await File.WriteAllLinesAsync(list, scored.Select(row => row.VideoPath));
        using var service = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--Reference", list);
        var lowest = scored.Select(row => row.Score.Max()).Order().ElementAt(scored.Count / 20);
        var answer = (await (await Post(scored[0].VideoPath, service)).Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.InRange((double)answer["familiarFrom"]! - lowest, -1e-5, 1e-5);
    }

    [Fact]
    public async Task Progress_of_a_number_that_no_request_has_is_nothing()
    {
        using var answer = await _service.Client.GetAsync(new Uri($"progress/{Guid.NewGuid()}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
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
    public async Task Slow_uploads_hold_up_nobody_and_make_room_when_all_places_are_taken()
    {
        // Two places for uploads: a third one takes the place of the slowest, once that is old enough to be judged.
        using var service = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--Uploads", "2", "--Concurrency", "1", "--Queue", "0");
        var (address, video) = (service.Client.BaseAddress!, await File.ReadAllBytesAsync(Clips()[0]));
        using var first = await HeldUpload.Begin(address, video);
        Assert.Equal(HttpStatusCode.OK, (await Post(Clips()[0], service)).StatusCode); // the queue is not theirs
        using var second = await HeldUpload.Begin(address, video);
        HttpResponseMessage third;
        do
        {
            third = await Post(Clips()[0], service);
        }
        while (third.StatusCode == HttpStatusCode.TooManyRequests);

        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        var cutOff = await Task.WhenAny(first.Status(), second.Status());
        Assert.StartsWith("HTTP/1.1 408 ", await cutOff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_videos_than_the_queue_holds_are_sent_away()
    {
        using var service = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--Concurrency", "1", "--Queue", "0");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post(Clips()[0], service)));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.True(refused.TrueForAll(answer => answer.Headers.RetryAfter is not null));
        await Refused(HttpStatusCode.TooManyRequests, "try again later", refused[0]);
        Assert.Contains("mofo_videos_refused_total{status=\"429\"}", await service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_file_of_empty_boxes_is_refused_and_holds_no_worker()
    {
        using var service = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--TimeoutSeconds", "2", "--UploadSeconds", "600", "--Concurrency", "1", "--MaxMegabytes", "64");
        var boxes = new byte[50 << 20];
        for (var at = 0; at < boxes.Length; at += 8)
        {
            "\0\0\0\bfree"u8.CopyTo(boxes.AsSpan(at));
        }

        "\0\0\0\bftyp"u8.CopyTo(boxes);
        await Refused(HttpStatusCode.UnprocessableEntity, "The video", await Post(boxes, "video", "empty.mp4", service));
        Assert.Contains("mofo_videos 0\n", await service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_lie_in_a_private_folder_and_what_a_killed_service_left_is_removed_at_the_next_start()
    {
        var parent = Directory.CreateDirectory(_pipeline.Scratch($"private-{Guid.NewGuid():N}")).FullName;
        string left;
        using (var killed = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--UploadFolder", parent))
        {
            using var held = await HeldUpload.Begin(killed.Client.BaseAddress!, await File.ReadAllBytesAsync(Clips()[0]));
            left = Assert.Single(Directory.GetDirectories(parent));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(left));
            }
        }

        Assert.True(Directory.Exists(left)); // SIGKILL leaves everything
        using var next = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--UploadFolder", parent);
        using var beside = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--UploadFolder", parent);
        Assert.False(Directory.Exists(left));
        Assert.Equal(2, Directory.GetDirectories(parent).Length); // the living keep their folders
        Assert.Equal(HttpStatusCode.OK, (await Post(Clips()[0], next)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Post(Clips()[0], beside)).StatusCode);
        Assert.All(Directory.GetDirectories(parent), folder => Assert.DoesNotContain(Directory.GetFiles(folder), file => Path.GetFileName(file).StartsWith("upload-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("health")]
    [InlineData("nowhere")]
    [InlineData("page.js")]
    [InlineData("samples")]
    [InlineData("openapi.json")]
    public async Task Every_answer_tells_browsers_to_do_nothing_but_what_the_page_needs(string address)
    {
        using var answer = await _service.Client.GetAsync(new Uri(address, UriKind.Relative));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_page_has_no_script_or_style_of_its_own_which_the_policy_would_forbid()
    {
        var page = await _service.Client.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<script src=\"page.js\" type=\"module\"></script>", page, StringComparison.Ordinal);
        Assert.Contains("addEventListener", await _service.Client.GetStringAsync(new Uri("page.js", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_other_sites_may_not_send_videos()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("predict", UriKind.Relative));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Content = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(Clips()[0])), "video", "clip.avi" } };
        await Refused(HttpStatusCode.Forbidden, "Another site's page", await _service.Client.SendAsync(request));
    }

    [Fact]
    public async Task Play_lists_make_the_service_read_no_other_file()
    {
        // FFmpeg would follow this list to the video beside it, and the service would show what is not the sender's. The control character makes it no plain text.
        File.Copy(Clips()[0], Path.Combine(_uploads, "private.avi"));
        await Refused(HttpStatusCode.UnprocessableEntity, "The video cannot be used", await Post("ffconcat version 1.0\n#\u0001\nfile private.avi\n"u8.ToArray(), "video", "list.mp4"));
        await Refused(HttpStatusCode.UnprocessableEntity, "The video cannot be used", await Post("#EXTM3U\n#\u0001\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nprivate.avi\n"u8.ToArray(), "video", "list.m3u8"));
    }

    [Fact]
    public async Task An_upload_that_comes_to_a_halt_ends()
    {
        using var impatient = ServiceProcess.Start(_uploads, "--Model", _pipeline.Scratch("served.onnx"), "--UploadSeconds", "1");
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
        Assert.DoesNotContain("upload-", detail, StringComparison.Ordinal);
    }

    private List<string> Clips() => [.. _pipeline.Ml.Data.CreateEnumerable<Scored>(_pipeline.Model.Transform(_pipeline.Test), reuseRowObject: false).Select(row => row.VideoPath).Take(1)];

    private async Task<HttpResponseMessage> Post(string path, ServiceProcess? service = null) =>
        await Post(await File.ReadAllBytesAsync(path), "video", Path.GetFileName(path), service);

    private async Task<HttpResponseMessage> Post(byte[] content, string field, string fileName, ServiceProcess? service = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), field, fileName } };
        return await (service ?? _service).Client.PostAsync(new Uri("predict", UriKind.Relative), form);
    }
}
