using System.Net;
using Mofo.ML.EndToEnd.Tests.Pipelines;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>Hostile, slow and too many uploads: refused with a reason, and nothing is left of them.</summary>
[Collection(nameof(ServedPipeline))]
public sealed class UploadLimitTests(TrainedPipeline trained) : ServiceTests(trained)
{
    [Fact]
    public async Task Hostile_uploads_are_refused_with_a_reason_and_leave_nothing()
    {
        var text = Pipeline.Scratch("text.mp4");
        await File.WriteAllTextAsync(text, "not a video");
        await Refused(HttpStatusCode.UnprocessableEntity, "The video cannot be used", await Post(text));
        await Refused(HttpStatusCode.BadRequest, "The field 'video' is empty.", await Post([], "video", "empty.mp4"));
        await Refused(HttpStatusCode.BadRequest, "The form has no field 'video'.", await Post([1], "other", "clip.mp4"));
        await Refused(HttpStatusCode.RequestEntityTooLarge, "larger than 1 MiB", await Post(new byte[(1 << 20) + 5000], "video", "large.mp4"));
        await Refused(HttpStatusCode.UnsupportedMediaType, "Send a form", await Service.Client.PostAsync(new Uri("predict", UriKind.Relative), new ByteArrayContent([1, 2, 3])));
        var damaged = new ByteArrayContent("no boundary anywhere"u8.ToArray());
        damaged.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        await Refused(HttpStatusCode.BadRequest, "", await Service.Client.PostAsync(new Uri("predict", UriKind.Relative), damaged));
        var video = await File.ReadAllBytesAsync(Clips()[0]);
        await Refused(HttpStatusCode.UnprocessableEntity, "", await Post(video[..(video.Length / 20)], "video", "cut.mp4"));

        // A name that tries to leave the folder, or to run something, is a name and nothing else.
        var tricky = await Post(video, "video", "../../../../etc/cron.d/$(reboot).mp4");
        Assert.Equal(HttpStatusCode.OK, tricky.StatusCode);
        Assert.Contains("mofo_videos_refused_total{status=\"413\"} 1\n", await Service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_video_of_too_many_frames_is_refused()
    {
        var frames = Pipeline.Scratch("long.avi");
        using (var writer = new OpenCvSharp.VideoWriter(frames, OpenCvSharp.FourCC.FromString("MJPG"), 25, new OpenCvSharp.Size(32, 32)))
        {
            using var grey = new OpenCvSharp.Mat(32, 32, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(90));
            Enumerable.Range(0, 31).ToList().ForEach(_ => writer.Write(grey));
        }

        await Refused(HttpStatusCode.UnprocessableEntity, "it has more than 30 frames", await Post(frames));
    }

    [Fact]
    public async Task Slow_uploads_delay_no_other_request_and_make_room_when_all_places_are_taken()
    {
        // Two places for uploads: a third one takes the place of the slowest, once that is old enough to be judged.
        using var service = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--Uploads", "2", "--Concurrency", "1", "--Queue", "0");
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
        using var service = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--Concurrency", "1", "--Queue", "0");
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
        using var service = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--TimeoutSeconds", "2", "--UploadSeconds", "600", "--Concurrency", "1", "--MaxMegabytes", "64");
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
        var parent = Directory.CreateDirectory(Pipeline.Scratch($"private-{Guid.NewGuid():N}")).FullName;
        string left;
        using (var killed = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--UploadFolder", parent))
        {
            using var held = await HeldUpload.Begin(killed.Client.BaseAddress!, await File.ReadAllBytesAsync(Clips()[0]));
            left = Assert.Single(Directory.GetDirectories(parent));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(left));
            }
        }

        Assert.True(Directory.Exists(left)); // SIGKILL leaves everything
        using var next = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--UploadFolder", parent);
        using var beside = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--UploadFolder", parent);
        Assert.False(Directory.Exists(left));
        Assert.Equal(2, Directory.GetDirectories(parent).Length); // the living keep their folders
        Assert.Equal(HttpStatusCode.OK, (await Post(Clips()[0], next)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Post(Clips()[0], beside)).StatusCode);
        Assert.All(Directory.GetDirectories(parent), folder => Assert.DoesNotContain(Directory.GetFiles(folder), file => Path.GetFileName(file).StartsWith("upload-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Play_lists_make_the_service_read_no_other_file()
    {
        // FFmpeg would follow this list to the video beside it, and the service would show what is not the sender's. The control character makes it no plain text.
        File.Copy(Clips()[0], Path.Combine(Uploads, "private.avi"));
        await Refused(HttpStatusCode.UnprocessableEntity, "The video cannot be used", await Post("ffconcat version 1.0\n#\u0001\nfile private.avi\n"u8.ToArray(), "video", "list.mp4"));
        await Refused(HttpStatusCode.UnprocessableEntity, "The video cannot be used", await Post("#EXTM3U\n#\u0001\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nprivate.avi\n"u8.ToArray(), "video", "list.m3u8"));
    }

    [Fact]
    public async Task An_upload_that_comes_to_a_halt_ends()
    {
        using var impatient = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--UploadSeconds", "1");
        using var held = await HeldUpload.Begin(impatient.Client.BaseAddress!, await File.ReadAllBytesAsync(Clips()[0]));
        Assert.StartsWith("HTTP/1.1 408 ", await held.Status(), StringComparison.Ordinal);
    }
}
