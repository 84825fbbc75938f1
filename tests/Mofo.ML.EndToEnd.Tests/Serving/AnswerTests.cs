using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Mofo.ML.EndToEnd.Tests.Pipelines;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>What the service answers, against the TorchSharp pipeline; many requests at once; its settings.</summary>
[Collection(nameof(ServedPipeline))]
public sealed class AnswerTests(TrainedPipeline trained) : ServiceTests(trained)
{
    [Fact]
    public async Task Answers_are_those_of_the_TorchSharp_pipeline_and_come_without_libtorch()
    {
        Assert.DoesNotContain(
            Directory.GetFiles(ServiceProcess.Folder, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).Contains("torch", StringComparison.OrdinalIgnoreCase));
        var classes = Pipeline.Classifier.ClassLabels;
        foreach (var row in Pipeline.Ml.Data.CreateEnumerable<Scored>(Pipeline.Model.Transform(Pipeline.Test), reuseRowObject: false).Take(3))
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
        var health = (await Service.Client.GetFromJsonAsync<JsonObject>("health"))!;
        Assert.Equal(Pipeline.Classifier.ClassLabels, health["classes"]!.AsArray().Select(name => (string)name!));
        Assert.Contains("<input id=\"video\"", await Service.Client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        _ = await Post(Clips()[0]);
        var metrics = await Service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative));
        Assert.Contains("mofo_videos_answered_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mofo_frames_total 20\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_openapi_document_describes_every_address_and_what_it_answers()
    {
        var document = (await Service.Client.GetFromJsonAsync<JsonObject>("openapi.json"))!;
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
        var names = (await Service.Client.GetFromJsonAsync<string[]>("samples"))!;
        Assert.Equal(["disc to the left.avi", "disc to the right.avi"], names);
        foreach (var name in names)
        {
            var clip = await Service.Client.GetByteArrayAsync(new Uri($"samples/{Uri.EscapeDataString(name)}", UriKind.Relative));
            var answer = (await (await Post(clip, "video", name)).Content.ReadFromJsonAsync<JsonObject>())!;
            Assert.True(answer["motionFound"] is null || (bool)answer["motionFound"]!, name);
        }

        foreach (var other in new[] { "lock", "..%2Flock", "%2Fetc%2Fpasswd", "nothing.avi" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Service.Client.GetAsync(new Uri($"samples/{other}", UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task Frames_come_as_pictures_where_they_are_asked_for()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(Clips()[0])), "video", "clip.avi" } };
        using var response = await Service.Client.PostAsync(new Uri("predict?pictures=true", UriKind.Relative), form);
        var pictures = (await response.Content.ReadFromJsonAsync<JsonObject>())!["pictures"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, 20), pictures.Select(picture => (int)picture!["index"]!));
        Assert.All(pictures, picture => Assert.StartsWith("data:image/jpeg;base64,/9j/", (string)picture!["picture"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clip_is_unfamiliar_where_its_best_class_is_below_all_but_one_in_twenty_of_the_reference_clips()
    {
        var scored = Pipeline.Ml.Data.CreateEnumerable<Scored>(Pipeline.Model.Transform(Pipeline.Test), reuseRowObject: false).ToList();
        var list = Pipeline.Scratch("held-back.csv");
        await File.WriteAllLinesAsync(list, scored.Select(row => row.VideoPath));
        using var service = ServiceProcess.Start(Uploads, "--Model", Pipeline.Scratch("served.onnx"), "--Reference", list);
        var lowest = scored.Select(row => row.Score.Max()).Order().ElementAt(scored.Count / 20);
        var answer = (await (await Post(scored[0].VideoPath, service)).Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.InRange((double)answer["familiarFrom"]! - lowest, -1e-5, 1e-5);
    }

    [Fact]
    public async Task Progress_of_a_number_that_no_request_has_is_nothing()
    {
        using var answer = await Service.Client.GetAsync(new Uri($"progress/{Guid.NewGuid()}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
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
    public void Settings_that_cannot_be_used_are_named()
    {
        var (code, errors) = ServiceProcess.Fail(Uploads);
        Assert.Equal(2, code);
        Assert.Contains("There is no model. Give one with --Model FILE.onnx", errors, StringComparison.Ordinal);
        Assert.Contains("Queue is -1; it must be in [0, 10000].", ServiceProcess.Fail(Uploads, "--Model", "x.onnx", "--Queue", "-1").Errors, StringComparison.Ordinal);
        Assert.Contains("There is no ONNX file 'x.onnx'", ServiceProcess.Fail(Uploads, "--Model", "x.onnx", "--urls", "http://127.0.0.1:0").Errors, StringComparison.Ordinal);
    }
}
