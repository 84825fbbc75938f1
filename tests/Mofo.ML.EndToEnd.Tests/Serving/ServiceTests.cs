using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Mofo.ML.EndToEnd.Tests.Pipelines;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>Tests of the web service, which runs in a process without libtorch; each has one of its own.</summary>
public abstract class ServiceTests : IDisposable
{
    protected ServiceTests(TrainedPipeline trained)
    {
        Pipeline = trained.Exact();
        var model = trained.Scratch("served.onnx");
        trained.Ml.Model.ConvertMofoToOnnx(trained.Model, model);
        Uploads = Directory.CreateDirectory(trained.Scratch($"uploads-{Guid.NewGuid():N}")).FullName;
        Service = ServiceProcess.Start(Uploads, "--Model", model, "--MaxMegabytes", "1", "--MaxFrames", "30", "--Concurrency", "1", "--Queue", "2");
    }

    protected TrainedPipeline Pipeline { get; }

    /// <summary>Where the service may put uploads.</summary>
    protected string Uploads { get; }

    private protected ServiceProcess Service { get; }

    public void Dispose()
    {
        Service.Dispose();
        Assert.Empty(Directory.GetFiles(Uploads, "upload-*", SearchOption.AllDirectories));
        GC.SuppressFinalize(this);
    }

    protected static async Task Refused(HttpStatusCode status, string reason, HttpResponseMessage response)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var detail = (string?)(await response.Content.ReadFromJsonAsync<JsonObject>())!["detail"] ?? "";
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("upload-", detail, StringComparison.Ordinal);
    }

    protected List<string> Clips() => [.. Pipeline.Ml.Data.CreateEnumerable<Scored>(Pipeline.Model.Transform(Pipeline.Test), reuseRowObject: false).Select(row => row.VideoPath).Take(1)];

    private protected async Task<HttpResponseMessage> Post(string path, ServiceProcess? service = null) =>
        await Post(await File.ReadAllBytesAsync(path), "video", Path.GetFileName(path), service);

    private protected async Task<HttpResponseMessage> Post(byte[] content, string field, string fileName, ServiceProcess? service = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), field, fileName } };
        return await (service ?? Service).Client.PostAsync(new Uri("predict", UriKind.Relative), form);
    }
}
