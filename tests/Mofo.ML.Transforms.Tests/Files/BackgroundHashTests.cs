using System.Security.Cryptography;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.Tests.Files;

public sealed class BackgroundHashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 19)]
    [InlineData((1 << 19) + 1)]
    [InlineData(20_000_000)] // more than may wait at once
    public void It_is_the_SHA_256_of_all_bytes_whatever_the_caller_does_with_them_afterwards(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var expected = SHA256.HashData(bytes);
        using var hash = new BackgroundHash();
        for (var at = 0; at < length;)
        {
            var part = bytes.AsSpan(at, Math.Min(length - at, 3_000_001));
            hash.Append(part);
            part.Clear();
            at += part.Length;
        }

        Assert.Equal(expected, hash.Finish());
    }

    [Fact]
    public void A_stream_hashes_what_is_read_through_it()
    {
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        using var hash = new BackgroundHash();
        using var stream = new HashingStream(new MemoryStream(bytes), hash.Append);
        var read = new byte[bytes.Length];
        stream.ReadExactly(read);
        Assert.Equal(bytes, read);
        Assert.Equal(SHA256.HashData(bytes), hash.Finish());
    }
}
