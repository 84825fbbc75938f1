using System.Globalization;
using Mofo.ML.Transforms;
using Prometheus;

namespace ServeWithOnnx;

/// <summary>The addresses of the service.</summary>
internal static class Endpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/", () => Page("index.html", "text/html; charset=utf-8"));
        app.MapGet("/page.js", () => Page("page.js", "text/javascript; charset=utf-8"));
        app.MapGet("/page.css", () => Page("page.css", "text/css; charset=utf-8"));
        app.MapGet("/health", (Recognizer recognizer) => Results.Ok(new { status = "ready", classes = recognizer.Classes }));
        app.MapMetrics(settings => settings.Registry = app.Services.GetRequiredService<Meters>().Registry, "/metrics");
        app.MapPost("/predict", Predict).DisableAntiforgery();
    }

    private static IResult Page(string name, string type) => Results.Stream(typeof(Endpoints).Assembly.GetManifestResourceStream(name)!, type);

    private static async Task<IResult> Predict(
        HttpRequest request, ServiceSettings settings, UploadFolder folder, UploadPlaces places, WorkQueue queue, Recognizer recognizer, Meters meters, CancellationToken gone)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var upload = await Receive();
            var answer = await queue.Run(cancel => recognizer.Recognize(upload.Path, cancel), ended: upload.Dispose, gone);
            meters.Answered(TimeProvider.System.GetElapsedTime(started), answer.Frames);
            return Results.Ok(answer);
        }
        catch (UploadException refused)
        {
            return Refuse(refused.Status, refused.Message);
        }
        catch (QueueFullException)
        {
            return Refuse(StatusCodes.Status429TooManyRequests, "Too many videos at once; try again later.");
        }
        catch (VideoException bad)
        {
            // Without the path: where uploads lie is of no use to anybody outside.
            return Refuse(StatusCodes.Status422UnprocessableEntity, $"The video cannot be used: {bad.Reason}.");
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, string.Create(CultureInfo.InvariantCulture, $"The video took more than {settings.TimeoutSeconds} s."));
        }

        async Task<Upload> Receive()
        {
            if (request.Headers["Sec-Fetch-Site"] == "cross-site")
            {
                throw new UploadException(StatusCodes.Status403Forbidden, "Another site's page may not send videos here.");
            }

            if (queue.IsFull)
            {
                throw new QueueFullException(); // before anything is received
            }

            using var place = places.Take() ?? throw new QueueFullException();
            return await Upload.Receive(request, folder, place, settings, gone);
        }

        IResult Refuse(int status, string reason)
        {
            meters.Refused(status);
            if (status == StatusCodes.Status429TooManyRequests)
            {
                request.HttpContext.Response.Headers.RetryAfter = "5";
            }

            return Results.Problem(reason, statusCode: status);
        }
    }
}
