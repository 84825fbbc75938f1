using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mofo.ML.Reliability.Fuzzing;
using Mofo.ML.Reliability.Videos;

namespace Mofo.ML.Reliability.Soak;

/// <summary>The mixture of requests that a service on the open network gets, each by its number alone.</summary>
/// <param name="client">For whole requests.</param>
/// <param name="address">Of the service, for connections that misbehave.</param>
/// <param name="clips">Sound videos.</param>
/// <param name="damaged">Damaged ones.</param>
/// <param name="seed">Of the campaign.</param>
internal sealed class Requests(HttpClient client, Uri address, IReadOnlyList<byte[]> clips, DamagedVideo damaged, int seed)
{
    private static readonly Uri Predict = new("predict", UriKind.Relative);

    // What the service says of itself; anything else, 500 above all, is a finding.
    private static readonly HttpStatusCode[] Refusals =
    [
        HttpStatusCode.BadRequest, HttpStatusCode.RequestTimeout, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnprocessableEntity, HttpStatusCode.TooManyRequests,
    ];

    /// <summary>Sends one request.</summary>
    /// <returns>Its kind, and what is wrong with the answer; null for nothing.</returns>
    public async Task<(string Kind, string? Problem)> Send(int index)
    {
        var draw = new Draw(seed, "soak", index, clips);
        return draw.Below(100) switch
        {
            < 55 => ("good", await Good(draw)),
            < 70 => ("damaged", await Refused(new ByteArrayContent(damaged.Make(index).Bytes), alsoAnswered: true)),
            < 74 => ("no video", await Refused(new ByteArrayContent(draw.Bytes(1 + draw.Below(5000))), alsoAnswered: false)),
            < 77 => ("no form", await NoForm(draw)),
            < 79 => ("too large", await Refused(new ByteArrayContent(new byte[3 << 20]), alsoAnswered: false)),
            < 86 => ("slow", await Broken(draw, pieces: 6, pause: 40, finish: true)),
            < 92 => ("broken off", await Broken(draw, pieces: 2, pause: 5, finish: false)),
            < 97 => ("cancelled", await Cancelled(draw)),
            _ => ("page", await Page(draw)),
        };
    }

    private async Task<string?> Good(Draw draw)
    {
        using var answer = await Post(new ByteArrayContent(draw.Of(clips)));
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => (await answer.Content.ReadAsStringAsync()).Contains("\"scores\"", StringComparison.Ordinal) ? null : "an answer without scores",
            HttpStatusCode.TooManyRequests => null,
            var other => $"a good video gives {(int)other}: {await answer.Content.ReadAsStringAsync()}",
        };
    }

    private async Task<string?> Refused(HttpContent video, bool alsoAnswered)
    {
        try
        {
            using var answer = await Post(video);
            return (alsoAnswered && answer.IsSuccessStatusCode) || Refusals.Contains(answer.StatusCode) ? null : $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}";
        }
        catch (HttpRequestException e) when (e.InnerException is IOException or SocketException)
        {
            return alsoAnswered ? $"no answer: {e.Message}" : null; // the server may close the connection on a body that it will not read
        }
    }

    private async Task<string?> NoForm(Draw draw)
    {
        using var content = new ByteArrayContent(draw.Bytes(100));
        _ = content.Headers.TryAddWithoutValidation("Content-Type", draw.OneIn(2) ? "multipart/form-data; boundary=x" : "text/plain");
        using var answer = await client.PostAsync(Predict, content);
        return Refusals.Contains(answer.StatusCode) ? null : $"{(int)answer.StatusCode}";
    }

    /// <summary>Sends the form in pieces with pauses between, to the end or not.</summary>
    private async Task<string?> Broken(Draw draw, int pieces, int pause, bool finish)
    {
        var video = draw.Of(clips);
        var body = (byte[])[.. "--held\r\nContent-Disposition: form-data; name=\"video\"; filename=\"clip.avi\"\r\n\r\n"u8, .. video, .. "\r\n--held--\r\n"u8];
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST /predict HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=held\r\nContent-Length: {body.Length}\r\n\r\n")));
        for (var piece = 0; piece < pieces; piece++)
        {
            var (from, to) = (body.Length * piece / pieces, body.Length * (piece + 1) / pieces);
            await stream.WriteAsync(body.AsMemory(from..(finish || piece + 1 < pieces ? to : to - 1)));
            await Task.Delay(pause);
        }

        if (!finish)
        {
            return null; // the connection is closed in the middle of the form
        }

        using var answers = new StreamReader(stream, Encoding.ASCII);
        var status = await answers.ReadLineAsync() ?? "";
        return status.Contains(" 200 ", StringComparison.Ordinal) || status.Contains(" 429 ", StringComparison.Ordinal) || status.Contains(" 408 ", StringComparison.Ordinal) ? null : $"a slow upload gives '{status}'";
    }

    /// <summary>The sender goes away while the video is worked on, or while it is sent.</summary>
    private async Task<string?> Cancelled(Draw draw)
    {
        using var gone = new CancellationTokenSource(draw.Below(120));
        try
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(draw.Of(clips)), "video", "clip.avi" } };
            using var answer = await client.PostAsync(Predict, form, gone.Token);
        }
        catch (OperationCanceledException)
        {
            // As meant.
        }

        return null;
    }

    private async Task<string?> Page(Draw draw)
    {
        using var answer = await client.GetAsync(new Uri(draw.Of<string>(["", "health", "metrics", "page.js"]), UriKind.Relative));
        return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode}";
    }

    private async Task<HttpResponseMessage> Post(HttpContent video)
    {
        using var form = new MultipartFormDataContent { { video, "video", "clip" } };
        return await client.PostAsync(Predict, form);
    }
}
