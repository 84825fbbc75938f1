using Mofo.ML.Transforms.Video;
using Mofo.ML.Transforms.Video.Containers;
using static Mofo.ML.Transforms.Tests.Video.Refusal;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Animated pictures with bytes behind their end, and without their end; raw DV.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3000)]
    public void Bytes_behind_the_trailer_of_a_GIF_do_not_count(int bytes)
    {
        var junk = new byte[bytes];
        new Random(5).NextBytes(junk);
        File.WriteAllBytes(_folder.File("a.gif"), [.. GifFile.Of(20, 16, [40, 120, 200]), .. junk]);
        using var reader = FrameReader.Open(_folder.File("a.gif"));
        Assert.Equal(3, reader.CountFrames());
    }

    /// <summary>A trailer's byte (3B) may stand anywhere in the data.</summary>
    [Fact]
    public void A_GIF_that_was_cut_off_is_refused_wherever_it_was_cut()
    {
        byte[] gif = GifFile.Of(20, 16, [118, 118, 118]);
        Assert.Contains((byte)0x3B, gif[^200..^1]);
        for (var length = 800; length < gif.Length; length += 7)
        {
            File.WriteAllBytes(_folder.File("cut.gif"), gif[..length]);
            Assert.Contains("truncated: the GIF trailer is missing", Refused(_folder.File("cut.gif")));
        }
    }

    [Fact]
    public void An_animated_PNG_ends_with_its_last_chunk()
    {
        byte[] Chunk(string type, params byte[] content) => [.. Mp4Boxes.Numbers(content.Length), .. System.Text.Encoding.ASCII.GetBytes(type), .. content, 1, 2, 3, 4];
        byte[] file = [0x89, .. "PNG\r\n\u001A\n"u8, .. Chunk("IHDR", new byte[13]), .. Chunk("acTL", 0, 0, 0, 2, 0, 0, 0, 0), .. Chunk("IDAT", new byte[300]), .. Chunk("IEND")];
        Assert.True(Read([.. file, 9, 9, 9]).DeclaresLength);
        Assert.Contains("truncated: the end of the PNG (IEND) is missing", Assert.Throws<VideoException>(() => Read(file[..^1])).Message);
        Assert.Contains("truncated: the end of the PNG (IEND) is missing", Assert.Throws<VideoException>(() => Read(file[..200])).Message);
    }

    /// <summary>FFmpeg gives its time base, 60000, as the rate of a DV file: times and numbers of frames that follow from it are wrong.</summary>
    [Fact]
    public void Raw_DV_has_no_rate_of_60000_pictures_a_second()
    {
        File.WriteAllBytes(_folder.File("a.dv"), [.. Enumerable.Repeat(GreyDvFrame(), 4).SelectMany(frame => frame)]);
        using var reader = FrameReader.Open(_folder.File("a.dv"));
        Assert.Equal((720, 576, 4), (reader.Width, reader.Height, reader.CountFrames()));
        Assert.Equal((0.0, 0), (reader.FramesPerSecond, reader.DeclaredFrameCount));
        using var part = FrameReader.Open(_folder.File("a.dv") + "#t=0.04,0.12");
        Assert.Equal(2, part.CountFrames());
    }

    /// <summary>625 lines of 50 fields: 12 sequences of 150 blocks of 80 bytes (IEC 61834-2), all coefficients 0.</summary>
    private static byte[] GreyDvFrame()
    {
        var frame = new List<byte>();
        for (var sequence = 0; sequence < 12; sequence++)
        {
            void Block(int kind, int number, params byte[] content) =>
                frame.AddRange([(byte)kind, (byte)((sequence << 4) | 7), (byte)number, .. content, .. Enumerable.Repeat((byte)(kind < 0x60 ? 0xFF : 0), 77 - content.Length)]);
            Block(0x1F, 0, 0xBF, 0x78, 0x78, 0x78, 0x78);
            Enumerable.Range(0, 2).ToList().ForEach(number => Block(0x3F, number));
            Enumerable.Range(0, 3).ToList().ForEach(number => Block(0x56, number));
            for (var group = 0; group < 9; group++)
            {
                Block(0x76, group);
                Enumerable.Range(15 * group, 15).ToList().ForEach(number => Block(0x96, number));
            }
        }

        return [.. frame];
    }

    private static ContainerFacts Read(byte[] file) => Container.Read("x", new MemoryStream(file), new VideoLimits(), () => { });
}
