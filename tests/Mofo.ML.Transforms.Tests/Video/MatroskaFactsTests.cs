using System.Buffers.Binary;
using Mofo.ML.Transforms.Video;
using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>What the head of a Matroska file says of its first video track.</summary>
public sealed class MatroskaFactsTests
{
    [Fact]
    public void Size_codec_fields_transparency_and_colours_are_read()
    {
        var facts = Read(Element(
            "E0", Element("B0", [0x02, 0x80]), Element("BA", [0x01, 0xE0]), Element("9A", [1]), Element("53C0", [1]),
            Element("55B0", Element("55B1", [9]), Element("55BA", [18]), Element("55B9", [2]))));
        Assert.Equal((640, 480), facts.Size);
        Assert.Equal("V_VP9", facts.Codec);
        Assert.True(facts.Interlaced && facts.Alpha);
        Assert.Equal(new ColourTags(18, 9, true), facts.Colours);
        Assert.Null(facts.Orientation);
    }

    [Theory]
    [InlineData(0f, false, true, false)]
    [InlineData(180f, false, false, true)]
    [InlineData(90f, true, false, false)]
    [InlineData(-90f, true, true, true)]
    public void A_yaw_of_half_a_turn_mirrors_and_then_the_roll_turns(float roll, bool transposed, bool flippedX, bool flippedY)
    {
        var facts = Read(Element("E0", Element("7670", Element("7671", [0]), Element("7673", Float(180)), Element("7675", Float(roll)))));
        Assert.Equal(new PictureOrientation(transposed, flippedX, flippedY), facts.Orientation);
    }

    [Fact]
    public void A_roll_alone_is_left_to_the_decoder() => Assert.Null(Read(Element("E0", Element("7670", Element("7675", Float(90))))).Orientation);

    [Fact]
    public void A_file_without_a_video_track_says_so()
    {
        byte[] file = [.. Element("1A45DFA3", Element("4282", [.. "webm"u8])), .. Element("18538067", Element("1654AE6B", Element("AE", Element("83", [2]), Element("86", [.. "A_OPUS"u8]))))];
        Assert.Contains("it has no video track", Assert.Throws<VideoException>(() => Container.Read("x", new MemoryStream(file), new VideoLimits(), () => { })).Message);
    }

    [Fact]
    public void A_second_video_track_is_mentioned()
    {
        byte[] Track(string codec) => Element("AE", Element("83", [1]), Element("86", System.Text.Encoding.ASCII.GetBytes(codec)), Element("E0", Element("B0", [64]), Element("BA", [48])));
        byte[] file = [.. Element("1A45DFA3", Element("4282", [.. "webm"u8])), .. Element("18538067", Element("1654AE6B", Track("V_MJPEG"), Track("V_VP9")))];
        var facts = Container.Read("x", new MemoryStream(file), new VideoLimits(), () => { });
        Assert.Equal("V_MJPEG", facts.Codec);
        Assert.Equal(["only the first of its 2 video tracks is read"], facts.Remarks);
    }

    private static ContainerFacts Read(byte[] video)
    {
        var sound = Element("AE", Element("83", [2]), Element("86", [.. "A_OPUS"u8]));
        var pictures = Element("AE", Element("86", [.. "V_VP9"u8]), video, Element("83", [1]));
        byte[] file = [.. Element("1A45DFA3", Element("4282", [.. "webm"u8])), .. Element("18538067", Element("EC", new byte[5]), Element("1654AE6B", sound, pictures))];
        return Container.Read("x", new MemoryStream(file), new VideoLimits(), () => { });
    }

    private static byte[] Element(string id, params byte[][] content)
    {
        var length = content.Sum(part => part.Length);
        Assert.InRange(length, 0, (1 << 14) - 2);
        return [.. Convert.FromHexString(id), (byte)(0x40 | (length >> 8)), (byte)length, .. content.SelectMany(part => part)];
    }

    private static byte[] Float(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return bytes;
    }
}
