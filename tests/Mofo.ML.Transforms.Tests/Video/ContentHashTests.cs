using System.Security.Cryptography;
using System.Text;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

public sealed class ContentHashTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(81_920)]
    [InlineData(81_921)]
    [InlineData(3_000_000)]
    public void It_is_the_SHA_256_of_the_prefix_and_all_bytes_however_many_blocks_they_take(int length)
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var path = folder.File("any.avi");
        File.WriteAllBytes(path, bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes("prefix"), .. bytes])), ContentHash.Of(path, "prefix", () => { }));
    }
}
