using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ServeWithOnnx;

/// <summary>An upload that is refused.</summary>
internal sealed class UploadException(int status, string message) : Exception(message)
{
    public int Status => status;
}

/// <summary>A video that somebody sent, in a file of its own for as long as it is needed. The sender's file name is not used for anything.</summary>
internal sealed class Upload : IDisposable
{
    private const string Field = "video";

    private Upload(string path) => Path = path;

    public string Path { get; }

    /// <summary>Streams the part named <c>video</c> of a form to a file.</summary>
    /// <exception cref="UploadException">No such form, no such part, nothing in it, no video, too much, or too slow.</exception>
    public static async Task<Upload> Receive(HttpRequest request, ServiceSettings settings, CancellationToken gone)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;
        if (string.IsNullOrEmpty(boundary))
        {
            throw new UploadException(StatusCodes.Status415UnsupportedMediaType, $"Send a form (multipart/form-data) with the video in the field '{Field}'.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        var upload = new Upload(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"mofo-upload-{Guid.NewGuid():N}"));
        try
        {
            await upload.Fill(new MultipartReader(boundary, request.Body), settings, limit.Token);
            return upload;
        }
        catch (Exception failure)
        {
            upload.Dispose();
            throw failure switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(settings),
                BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => TooSlow(settings),
                OperationCanceledException when !gone.IsCancellationRequested => TooSlow(settings),
                InvalidDataException or IOException => new UploadException(StatusCodes.Status400BadRequest, "The form is damaged or breaks off."),
                _ => failure,
            };
        }
    }

    public void Dispose() => File.Delete(Path);

    private async Task Fill(MultipartReader reader, ServiceSettings settings, CancellationToken cancel)
    {
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
        {
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part) && part.Name.Value?.Trim('"') == Field)
            {
                await using (var file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    await section.Body.CopyToAsync(file, cancel);
                }

                Check(settings);
                return;
            }
        }

        throw new UploadException(StatusCodes.Status400BadRequest, $"The form has no field '{Field}'.");
    }

    private void Check(ServiceSettings settings)
    {
        var length = new FileInfo(Path).Length;
        if (length > settings.MaxBytes)
        {
            throw TooLarge(settings);
        }

        if (length == 0)
        {
            throw new UploadException(StatusCodes.Status400BadRequest, $"The field '{Field}' is empty.");
        }

        if (!VideoContainer.Holds(Path))
        {
            throw new UploadException(
                StatusCodes.Status422UnprocessableEntity, "The video cannot be used: it is none of MP4, QuickTime, Matroska, WebM, AVI, Ogg, MPEG, FLV and WMV.");
        }
    }

    private static UploadException TooSlow(ServiceSettings settings) =>
        new(StatusCodes.Status408RequestTimeout, string.Create(CultureInfo.InvariantCulture, $"The upload took more than {settings.TimeoutSeconds} s, or came to a halt."));

    private static UploadException TooLarge(ServiceSettings settings) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The upload is larger than {settings.MaxMegabytes} MiB.");
}
