using System.ComponentModel;
using System.Globalization;
using Mofo.ML.Transforms;

namespace ServeWithOnnx;

/// <summary>The form that <c>/predict</c> takes, for the description of the service; it is read as a stream (<see cref="Upload"/>).</summary>
internal sealed record VideoForm(IFormFile Video);

/// <summary>A video in, its action and motion out.</summary>
internal static class PredictEndpoint
{
    /// <summary>Receives a video, waits for a turn, works, answers.</summary>
    public static async Task<IResult> Answer(
        HttpRequest request, ServiceSettings settings, UploadFolder folder, UploadPlaces places, WorkQueue queue, WorkProgress progress, Recognizer recognizer, Familiarity familiarity, Meters meters,
        [Description("A number of your choice, by which /progress tells how far the work is.")] Guid? number,
        [Description("Whether the answer has frames as pictures.")] bool? pictures,
        CancellationToken gone)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var upload = await Receive();
            var watch = progress.Watch(upload.Path, number);
            var answer = await queue.Run(cancel => recognizer.Recognize(upload.Path, familiarity.Limit, pictures ?? false, cancel), Ended, gone);
            meters.Answered(TimeProvider.System.GetElapsedTime(started), answer.Frames);
            return Results.Ok(answer);

            void Ended()
            {
                watch.Dispose();
                upload.Dispose();
            }
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
            // Without the path: where uploads lie is no information for senders.
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
