using System.Buffers.Binary;
using System.Numerics;

namespace Mofo.ML.Trainers.Training.Reports;

/// <summary>Writes the figures of a training as an event file that TensorBoard shows, while the training runs.</summary>
/// <remarks>
/// The file is a row of records (length, its checksum, data, its checksum; CRC-32C, masked), each a protocol buffer of type <c>Event</c>.
/// Only appended to, and flushed after every call; a record cut off by a crash is what TensorBoard expects and skips. Safe to call from several threads.
/// </remarks>
internal sealed class TensorBoardEvents : IDisposable
{
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private readonly Lock _gate = new();

    /// <param name="folder">Folder of one run; made when absent.</param>
    /// <param name="time">Stamps the events.</param>
    /// <param name="firstStep">Step at which this training starts or goes on; TensorBoard forgets what an earlier file says about it and later ones.</param>
    public TensorBoardEvents(string folder, TimeProvider time, long firstStep = 0)
    {
        _time = time;
        Directory.CreateDirectory(folder);
        _file = CreateFile(folder, time.GetUtcNow().ToUnixTimeSeconds());
        Write(0, message => message.Text(3, "brain.Event:2"));
        // Event.session_log { status: START }
        Write(firstStep, message => message.Message(7, log => log.Integer(1, 1)));
    }

    public string Path => _file.Name;

    /// <summary>One point of a curve.</summary>
    public void AddScalar(string tag, double value, long step) =>
        // Event.summary { value { tag, simple_value } }
        Write(step, message => message.Message(5, summary => summary.Message(1, entry => entry.Text(1, tag).Single(2, (float)value))));

    /// <summary>A picture.</summary>
    /// <param name="tag">Name shown above it.</param>
    /// <param name="encoded">The picture as a PNG or JPEG file.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="step">Step it belongs to.</param>
    public void AddImage(string tag, ReadOnlyMemory<byte> encoded, int width, int height, long step) =>
        // Event.summary { value { tag, image { height, width, colorspace: RGB, encoded_image_string } } }
        Write(step, message => message.Message(5, summary => summary.Message(1, entry => entry.Text(1, tag).Message(4, image =>
            image.Integer(1, height).Integer(2, width).Integer(3, 3).Bytes(4, encoded.Span)))));

    public void Dispose() => _file.Dispose();

    /// <summary>CRC-32C, rotated and shifted so that checksums of data that contain checksums stay meaningful.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= 8; data = data[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private static FileStream CreateFile(string folder, long seconds)
    {
        // Two writers may start within one second; TensorBoard asks only for "tfevents" in the name and reads files in the order of their names.
        for (var attempt = 0; ; attempt++)
        {
            var path = System.IO.Path.Combine(folder, Invariant($"events.out.tfevents.{seconds:D10}.mofo.{Environment.ProcessId}.{attempt}"));
            if (!File.Exists(path))
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            }
        }
    }

    private void Write(long step, Action<ProtobufMessage> content)
    {
        var message = new ProtobufMessage();
        var now = _time.GetUtcNow() - DateTimeOffset.UnixEpoch;
        message.Double(1, now.TotalSeconds).Integer(2, step);
        content(message);

        var data = message.Written;
        var record = new byte[8 + 4 + data.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedChecksum(data));
        lock (_gate)
        {
            _file.Write(record);
            _file.Flush();
        }
    }
}
