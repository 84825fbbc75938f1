using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace Mofo.ML.Trainers.Training.Reports;

/// <summary>Writes the figures of a training as an event file that TensorBoard shows, while the training runs.</summary>
/// <remarks>
/// The file is a row of records (length, its checksum, data, its checksum; CRC-32C, masked), each a protocol buffer of type <see cref="Event"/>.
/// Only appended to, without a buffer; a record cut off by a crash is what TensorBoard expects and skips. Safe to call from several threads.
/// A file that cannot be written any more (a full disk) is given up with one warning: curves are worth less than the training.
/// TorchSharp has the messages. Its <c>SummaryWriter</c> (0.107) cannot be used: it takes the time as Single (steps of two minutes; 1970 when left out), the step as
/// Int32, cannot say where a resumed training goes on, opens the file again for every figure, and puts the name of the machine into the file's name.
/// </remarks>
internal sealed class TensorBoardEvents : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly Stream _file;
    private readonly Lock _gate = new();
    private bool _givenUp;

    /// <param name="path">Name of the file, for the warning.</param>
    /// <param name="file">The file; disposed with this object.</param>
    /// <param name="time">Stamps the events.</param>
    /// <param name="warn">Told once, when the file is given up.</param>
    /// <param name="firstStep">Step at which this training starts or goes on; TensorBoard forgets what an earlier file says about it and later ones.</param>
    internal TensorBoardEvents(string path, Stream file, TimeProvider time, Action<string> warn, long firstStep)
    {
        (Path, _file, _time, _warn) = (path, file, time, warn);
        Write(0, new Event { FileVersion = "brain.Event:2" });
        Write(firstStep, new Event { SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
    }

    public string Path { get; }

    /// <summary>Begins a new file.</summary>
    /// <param name="folder">Folder of one run; made when absent.</param>
    /// <param name="time">Stamps the events.</param>
    /// <param name="warn">Told once, when the file cannot be written any more.</param>
    /// <param name="firstStep">As for the constructor.</param>
    /// <exception cref="IOException">The folder or the file cannot be made; nothing has been trained yet.</exception>
    public static TensorBoardEvents Open(string folder, TimeProvider time, Action<string> warn, long firstStep = 0)
    {
        Directory.CreateDirectory(folder);
        var file = CreateFile(folder, time.GetUtcNow().ToUnixTimeSeconds());
        return new TensorBoardEvents(file.Name, file, time, warn, firstStep);
    }

    /// <summary>One point of a curve.</summary>
    public void AddScalar(string tag, double value, long step) =>
        Write(step, new Event { Summary = new Summary { Value = { new Summary.Types.Value { Tag = tag, SimpleValue = (float)value } } } });

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
                // Without a buffer, closing a file that could not be written has nothing left to write.
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            }
        }
    }

    private void Write(long step, Event content)
    {
        content.Step = step;
        content.WallTime = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var data = content.ToByteArray();
        var record = new byte[8 + 4 + data.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedChecksum(data));
        if (TryWrite(record) is { } reason)
        {
            _warn($"The event file '{Path}' cannot be written ({reason.TrimEnd('.')}). Nothing more is written into it; the training goes on.");
        }
    }

    /// <summary>Appends to the file, unless it was given up before; gives the reason where that happens now.</summary>
    private string? TryWrite(byte[] record)
    {
        lock (_gate)
        {
            try
            {
                if (!_givenUp)
                {
                    _file.Write(record);
                }

                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _givenUp = true;
                return e.Message;
            }
        }
    }
}
