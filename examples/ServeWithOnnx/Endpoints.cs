using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Mofo.ML.Transforms;
using Prometheus;

namespace ServeWithOnnx;

/// <summary>The addresses of the service.</summary>
internal static class Endpoints
{
    private const string Bounded = "videos";

    /// <summary>Bounds how many videos are received, waiting or worked on; the recogniser has its own, smaller bound, so that a slow upload holds up nobody.</summary>
    public static void Limit(RateLimiterOptions limiter, ServiceSettings settings)
    {
        limiter.AddConcurrencyLimiter(Bounded, limits => (limits.PermitLimit, limits.QueueLimit) = (settings.ConcurrencyInForce + settings.Queue, 0));
        limiter.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.RequestServices.GetRequiredService<Meters>().Refused(StatusCodes.Status429TooManyRequests);
            await Results.Problem("Too many videos at once; try again later.", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(rejected.HttpContext);
        };
    }

    public static void Map(WebApplication app)
    {
        app.MapGet("/", () => Results.Stream(typeof(Endpoints).Assembly.GetManifestResourceStream("index.html")!, "text/html; charset=utf-8"));
        app.MapGet("/health", (Recognizer recognizer) => Results.Ok(new { status = "ready", classes = recognizer.Classes }));
        app.MapMetrics(settings => settings.Registry = app.Services.GetRequiredService<Meters>().Registry, "/metrics");
        app.MapPost("/predict", Predict).DisableAntiforgery().RequireRateLimiting(Bounded);
    }

    private static async Task<IResult> Predict(HttpRequest request, ServiceSettings settings, Recognizer recognizer, Meters meters, CancellationToken gone)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            using var upload = await Upload.Receive(request, settings, gone);
            var answer = await recognizer.RecognizeInTurn(upload.Path, gone);
            meters.Answered(TimeProvider.System.GetElapsedTime(started), answer.Frames);
            return Results.Ok(answer);
        }
        catch (UploadException refused)
        {
            return Refuse(refused.Status, refused.Message);
        }
        catch (VideoException bad)
        {
            // Without the path: where uploads lie is nobody's business.
            return Refuse(StatusCodes.Status422UnprocessableEntity, $"The video cannot be used: {bad.Reason}.");
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, string.Create(CultureInfo.InvariantCulture, $"The video took more than {settings.TimeoutSeconds} s."));
        }

        IResult Refuse(int status, string reason)
        {
            meters.Refused(status);
            return Results.Problem(reason, statusCode: status);
        }
    }
}
