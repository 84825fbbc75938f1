using System.IO.Compression;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.Tests.Files;

public sealed class StreamBytesTests
{
    private const int Length = 5_000_000;

    private static readonly byte[] Bytes = Make();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Length)]
    public void All_bytes_are_read_whatever_the_stream_says_of_its_length(int length)
    {
        foreach (var said in (long?[])[length, 0, length / 2, length + 7, long.MaxValue, null])
        {
            Assert.Equal(Bytes[..length], StreamBytes.ReadToEnd(new Saying(Bytes[..length], said)));
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression, 1.2)]
    [InlineData(CompressionLevel.Fastest, 6)] // says no length: the array grows
    public void An_entry_that_is_stored_as_it_is_takes_one_array(CompressionLevel level, double most)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("model", level).Open())
        {
            entry.Write(Bytes);
        }

        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        using var stream = archive.GetEntry("model")!.Open();
        var hashed = 0;
        using var hashing = new HashingStream(stream, bytes => hashed += bytes.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = StreamBytes.ReadToEnd(hashing);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Length, (long)(most * Length));
        Assert.Equal(Bytes, read);
        Assert.Equal(Length, hashed);
    }

    private static byte[] Make()
    {
        var bytes = new byte[Length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Null for no length.</summary>
    private sealed class Saying(byte[] bytes, long? length) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => length ?? throw new NotSupportedException();

        // The base class copies by its own length; this copies by what can be read.
        public override void CopyTo(Stream destination, int bufferSize) => destination.Write(ToArray());
    }
}
