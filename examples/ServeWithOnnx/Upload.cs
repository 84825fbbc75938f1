using System.Buffers;
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
    /// <exception cref="UploadException">No such form, no such part, nothing in it, too much, or too slow.</exception>
    public static async Task<Upload> Receive(HttpRequest request, UploadFolder folder, UploadPlace place, ServiceSettings settings, CancellationToken gone)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;
        if (string.IsNullOrEmpty(boundary))
        {
            throw new UploadException(StatusCodes.Status415UnsupportedMediaType, $"Send a form (multipart/form-data) with the video in the field '{Field}'.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone, place.MustGo);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.UploadSeconds));
        var upload = new Upload(folder.NewFile());
        try
        {
            await upload.Fill(new MultipartReader(boundary, request.Body), place, settings, limit.Token);
            return upload;
        }
        catch (Exception failure)
        {
            upload.Dispose();
            throw failure switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(settings),
                BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => TooSlow(settings),
                OperationCanceledException when place.MustGo.IsCancellationRequested => new UploadException(
                    StatusCodes.Status408RequestTimeout, "The upload was the slowest of too many at once; try again later, or with a faster connection."),
                OperationCanceledException when !gone.IsCancellationRequested => TooSlow(settings),
                InvalidDataException or IOException => new UploadException(StatusCodes.Status400BadRequest, "The form is damaged or breaks off."),
                _ => failure,
            };
        }
    }

    public void Dispose() => File.Delete(Path);

    private async Task Fill(MultipartReader reader, UploadPlace place, ServiceSettings settings, CancellationToken cancel)
    {
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
        {
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part) && part.Name.Value?.Trim('"') == Field)
            {
                var length = await Copy(section.Body, place, settings, cancel);
                if (length == 0)
                {
                    throw new UploadException(StatusCodes.Status400BadRequest, $"The field '{Field}' is empty.");
                }

                return;
            }
        }

        throw new UploadException(StatusCodes.Status400BadRequest, $"The form has no field '{Field}'.");
    }

    private async Task<long> Copy(Stream body, UploadPlace place, ServiceSettings settings, CancellationToken cancel)
    {
        await using var file = OnDisk(() => new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var length = 0L;
            while (await body.ReadAsync(buffer, cancel) is var read and > 0)
            {
                place.Received(read);
                length += read;
                if (length > settings.MaxBytes)
                {
                    throw TooLarge(settings);
                }

                OnDisk(() =>
                {
                    file.Write(buffer, 0, read);
                    return true;
                });
            }

            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A disk that is full is no mistake of the sender.</summary>
    private static T OnDisk<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UploadException(StatusCodes.Status507InsufficientStorage, "The service has no room for the video; try again later.");
        }
    }

    private static UploadException TooSlow(ServiceSettings settings) =>
        new(StatusCodes.Status408RequestTimeout, string.Create(CultureInfo.InvariantCulture, $"The upload took more than {settings.UploadSeconds} s, or came to a halt."));

    private static UploadException TooLarge(ServiceSettings settings) =>
        new(StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The upload is larger than {settings.MaxMegabytes} MiB."));
}
