using Prometheus;

namespace ServeWithOnnx;

/// <summary>The addresses of the service.</summary>
internal static class Endpoints
{
    private const string Recognition = "Recognition";
    private const string Samples = "Samples";

    private static readonly string[] PageFiles = ["page.css", "page.js", "player.js", "sources.js"];

    public static void Map(WebApplication app)
    {
        app.MapGet("/", () => Page("index.html", "text/html; charset=utf-8")).ExcludeFromDescription();
        foreach (var file in PageFiles)
        {
            app.MapGet($"/{file}", () => Page(file, file.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8")).ExcludeFromDescription();
        }

        app.MapMetrics(settings => settings.Registry = app.Services.GetRequiredService<Meters>().Registry, "/metrics");
        app.MapPost("/predict", PredictEndpoint.Answer).DisableAntiforgery()
            .WithTags(Recognition).WithSummary("Recognises the action in a video.")
            .WithDescription("Send a form (multipart/form-data) with the video in the field `video`.")
            .Accepts<VideoForm>("multipart/form-data")
            .Produces<Answer>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        app.MapGet("/progress/{number:guid}", (Guid number, WorkProgress progress) => progress.Of(number) is { } state ? Results.Ok(state) : Results.NoContent())
            .WithTags(Recognition).WithSummary("How far the work on a video is, by the number that was given to /predict; nothing for a number that no request in progress has.")
            .Produces<WorkState>().Produces(StatusCodes.Status204NoContent);
        app.MapGet("/health", (Recognizer recognizer) => Results.Ok(new { status = "ready", classes = recognizer.Classes }))
            .WithTags(Recognition).WithSummary("Whether the service is ready, and the classes that it knows.");
        app.MapGet("/samples", (SampleClips samples) => Results.Ok(samples.Names)).WithTags(Samples).WithSummary("Names of the sample clips.").Produces<string[]>();
        app.MapGet("/samples/{name}", (string name, SampleClips samples) =>
                samples.PathOf(name) is { } path ? Results.File(path, VideoTypes.Of(path), enableRangeProcessing: true) : Results.NotFound())
            .WithTags(Samples).WithSummary("One sample clip.").Produces(StatusCodes.Status200OK, contentType: "video/mp4", additionalContentTypes: ["video/webm", "video/x-msvideo"]).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Page(string name, string type) => Results.Stream(typeof(Endpoints).Assembly.GetManifestResourceStream(name)!, type);
}
