using System.Buffers.Binary;
using System.Text;
using Mofo.ML.Trainers.Training.Reports;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class TensorBoardEventsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_starts_with_the_bytes_that_TensorFlow_writes()
    {
        using var events = TensorBoardEvents.Open(_folder, new FixedTime(), Assert.Fail);
        var bytes = Read(events.Path);
        // 24 bytes of data; the checksum of that number is a3 7f 4b 22 in every event file there is.
        Assert.Equal("1800000000000000A37F4B22", Convert.ToHexString(bytes, 0, 12));
        // Field 1, 8 bytes: seconds as double; field 3, 13 bytes.
        Assert.Equal("09" + Convert.ToHexString(BitConverter.GetBytes(1700000000.5)) + "1A0D" + Convert.ToHexString("brain.Event:2"u8), Convert.ToHexString(bytes, 12, 24));
    }

    [Fact]
    public void The_checksum_is_the_one_of_the_standard()
    {
        // CRC-32C of "123456789" is E3069283 (RFC 3720); masked: rotated right by 15 bits, plus a282ead8.
        const uint Crc = 0xE3069283;
        Assert.Equal(((Crc >> 15) | (Crc << 17)) + 0xa282ead8, TensorBoardEvents.MaskedChecksum("123456789"u8));
    }

    [Fact]
    public void Scalars_are_read_back_by_an_independent_reader()
    {
        string path;
        using (var events = TensorBoardEvents.Open(_folder, new FixedTime(), Assert.Fail, firstStep: 7))
        {
            path = events.Path;
            events.AddScalar("train/loss", 0.25, 8);
            events.AddScalar("train/λ", 0, 5_000_000_000);
        }

        var records = Records(path);
        Assert.Equal(4, records.Count);
        Assert.All(records, record => Assert.Equal(1700000000.5, BitConverter.ToDouble(Field(record, 1))));

        // A resumed run says where it starts: session_log { status: START } at step 7.
        Assert.Equal(7ul, Number(records[1], 2));
        Assert.Equal(1ul, Number(Field(records[1], 7), 1));

        Assert.Equal(8ul, Number(records[2], 2));
        var loss = Field(Field(records[2], 5), 1);
        Assert.Equal("train/loss", Encoding.UTF8.GetString(Field(loss, 1)));
        Assert.Equal(0.25f, BitConverter.ToSingle(Field(loss, 2)));

        Assert.Equal(5_000_000_000ul, Number(records[3], 2));
        var zero = Field(Field(records[3], 5), 1);
        Assert.Equal("train/λ", Encoding.UTF8.GetString(Field(zero, 1)));
        Assert.Equal(0f, BitConverter.ToSingle(Field(zero, 2)));
    }

    [Fact]
    public void What_was_added_can_be_read_while_the_file_is_open()
    {
        using var events = TensorBoardEvents.Open(_folder, new FixedTime(), Assert.Fail);
        for (var step = 1; step <= 3; step++)
        {
            events.AddScalar("loss", step, step);
            Assert.Equal(2 + step, Records(events.Path).Count);
        }
    }

    [Fact]
    public void Writers_that_start_in_the_same_second_have_files_of_their_own()
    {
        using var first = TensorBoardEvents.Open(_folder, new FixedTime(), Assert.Fail);
        using var second = TensorBoardEvents.Open(_folder, new FixedTime(), Assert.Fail);
        Assert.NotEqual(first.Path, second.Path);
        Assert.StartsWith("events.out.tfevents.1700000000.", Path.GetFileName(first.Path));
    }

    [Fact]
    public void A_file_that_cannot_be_written_any_more_costs_one_warning_and_not_the_training()
    {
        var (warnings, disk) = (new List<string>(), new FullDisk(writes: 3));
        using (var events = new TensorBoardEvents("runs/events", disk, new FixedTime(), warnings.Add, firstStep: 0))
        {
            events.AddScalar("loss", 1, 1);
            Assert.Empty(warnings);
            for (var step = 2; step < 5; step++)
            {
                events.AddScalar("loss", step, step);
            }
        }

        Assert.Equal("The event file 'runs/events' cannot be written (No space left on device). Nothing more is written into it; the training goes on.", Assert.Single(warnings));
        Assert.Equal(4, disk.Tried);
    }

    [Fact]
    public async Task Several_threads_may_write()
    {
        using var events = TensorBoardEvents.Open(_folder, new FixedTime(), Assert.Fail);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var step = 0; step < 50; step++)
            {
                events.AddScalar($"thread{thread}", step, step);
            }
        })));
        Assert.Equal(202, Records(events.Path).Count);
    }

    /// <summary>Splits a file into records, checking both checksums of each with a bit-by-bit CRC.</summary>
    private static List<byte[]> Records(string path)
    {
        var bytes = Read(path);
        var records = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var data = bytes[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            records.Add(data);
            at += length + 16;
        }

        return records;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = 0xffffffffu;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1; // the polynomial of Castagnoli, reversed
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static ulong Number(byte[] message, int field) => BitConverter.ToUInt64(Field(message, field));

    /// <summary>Content of the first field of that number: the bytes, or the number as 8 bytes.</summary>
    private static byte[] Field(byte[] message, int wanted)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var content = (key & 7) switch
            {
                0 => BitConverter.GetBytes(Varint(message, ref at)),
                1 => Take(message, ref at, 8),
                2 => Take(message, ref at, (int)Varint(message, ref at)),
                5 => Take(message, ref at, 4),
                _ => throw new InvalidDataException($"wire type {key & 7}"),
            };
            if ((int)(key >> 3) == wanted)
            {
                return content;
            }
        }

        throw new InvalidDataException($"no field {wanted}");
    }

    private static byte[] Take(byte[] message, ref int at, int length) => message[at..(at += length)];

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(message[at] & 0x7f) << shift;
            if ((message[at++] & 0x80) == 0)
            {
                return value;
            }
        }
    }

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Takes some writes and refuses all others.</summary>
    private sealed class FullDisk(int writes) : MemoryStream
    {
        public int Tried { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (++Tried > writes)
            {
                throw new IOException("No space left on device.");
            }
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500);
    }
}
