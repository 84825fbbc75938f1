using System.Net.Sockets;
using System.Text;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>An upload that stops in the middle, as of somebody with a bad line or bad intentions.</summary>
internal sealed class HeldUpload : IDisposable
{
    private readonly TcpClient _connection;
    private readonly StreamReader _answers;
    private readonly byte[] _rest;

    private HeldUpload(TcpClient connection, byte[] rest) =>
        (_connection, _answers, _rest) = (connection, new StreamReader(connection.GetStream(), Encoding.ASCII), rest);

    /// <summary>Sends the first half of a video. When this returns, the service has begun to read, so that the upload has its place among those it counts.</summary>
    public static async Task<HeldUpload> Begin(Uri service, byte[] video)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(service.Host, service.Port);
        var body = (byte[])[
            .. "--held\r\nContent-Disposition: form-data; name=\"video\"; filename=\"clip.avi\"\r\n\r\n"u8, .. video, .. "\r\n--held--\r\n"u8];
        var upload = new HeldUpload(connection, body[(body.Length / 2)..]);
        await upload.Send(Encoding.ASCII.GetBytes(
            $"POST /predict HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Type: multipart/form-data; boundary=held\r\nContent-Length: {body.Length}\r\n" +
            "Expect: 100-continue\r\n\r\n"));

        // The server says so when its program asks for the body.
        Assert.Equal("HTTP/1.1 100 Continue", await upload.Status());
        await upload.Send(body[..(body.Length / 2)]);
        return upload;
    }

    /// <summary>Sends the second half.</summary>
    /// <returns>The first line of the answer.</returns>
    public async Task<string> Finish()
    {
        await Send(_rest);
        return await Status();
    }

    /// <summary>The first line of the next answer; empty where the connection ends.</summary>
    public async Task<string> Status()
    {
        string? line;
        do
        {
            line = await _answers.ReadLineAsync();
        }
        while (line is "");
        return line ?? "";
    }

    public void Dispose()
    {
        _answers.Dispose();
        _connection.Dispose();
    }

    private async Task Send(byte[] bytes) => await _connection.GetStream().WriteAsync(bytes);
}
