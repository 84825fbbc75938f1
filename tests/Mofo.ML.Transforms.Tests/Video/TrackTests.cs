using Mofo.ML.Transforms.Video;
using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Which of several tracks of pictures is the video, and what is said of the others.</summary>
public sealed class TrackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _plain;

    public TrackTests() => _plain = File.ReadAllBytes(RenderedVideo.Write(_folder.File("plain.mp4"), 8));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_still_picture_as_first_track_is_not_taken_for_the_video()
    {
        var file = Write(WithPictureTrack(samples: 1));
        using var reader = FrameReader.Open(file);
        Assert.Equal((64, 48, 8), (reader.Width, reader.Height, reader.CountFrames()));
        Assert.Equal(Pixels(_folder.File("plain.mp4")), Pixels(file));
        Assert.Empty(reader.Facts.Remarks);
    }

    [Fact]
    public void Of_two_videos_in_one_file_the_second_does_not_vanish_without_a_word()
    {
        var warnings = new List<string>();
        using var reader = FrameReader.Open(Write(WithPictureTrack(samples: 2)), new VideoReading(null, warnings.Add));
        Assert.Equal((96, 80), (reader.Width, reader.Height));
        Assert.Contains("only the first of its 2 video tracks is read", Assert.Single(warnings));
    }

    [Fact]
    public void Mp4_files_that_were_joined_give_the_first_and_a_warning()
    {
        var warnings = new List<string>();
        using var reader = FrameReader.Open(Write([.. _plain, .. _plain]), new VideoReading(null, warnings.Add));
        Assert.Equal(8, reader.CountFrames());
        Assert.Contains("it is 2 mp4 files joined into one, of which the first alone is read", Assert.Single(warnings));
    }

    [Fact]
    public void An_AVI_with_two_videos_says_so()
    {
        var avi = File.ReadAllBytes(RenderedVideo.Write(_folder.File("one.avi"), 3));
        var list = avi.AsSpan().IndexOf("strl"u8) - 8;
        var length = 8 + BitConverter.ToInt32(avi, list + 4);
        byte[] two = [.. avi[..(list + length)], .. avi[list..]];
        Add(two, 4, length);
        Add(two, avi.AsSpan().IndexOf("hdrl"u8) - 4, length);
        var facts = Container.Read("x", new MemoryStream(two), new VideoLimits(), () => { });
        Assert.Equal(((64, 48), 3), (facts.Size, facts.ListedFrames ?? 0));
        Assert.Equal(["only the first of its 2 video tracks is read"], facts.Remarks);
        Assert.Empty(Container.Read("x", new MemoryStream(avi), new VideoLimits(), () => { }).Remarks);
    }

    /// <summary>A track of JPEG pictures in front of the video's, as players of music and some cameras add.</summary>
    private byte[] WithPictureTrack(int samples)
    {
        using var picture = RenderedVideo.Picture(3, 96, 80);
        Assert.True(Cv2.ImEncode(".jpg", picture, out var jpeg));
        var empty = Track(samples, jpeg.Length, 0);
        byte[] file = Mp4Boxes.WithBoxBeforeTrack(_plain, Track(samples, jpeg.Length, _plain.Length + empty.Length + 8));
        return [.. file, .. Mp4Boxes.Box("mdat", [.. Enumerable.Repeat(jpeg, samples).SelectMany(bytes => bytes)])];
    }

    private static byte[] Track(int samples, int length, int offset)
    {
        const int One = 1 << 16;
        byte[] matrix = Mp4Boxes.Numbers(One, 0, 0, 0, One, 0, 0, 0, 1 << 30);
        byte[] entry = Mp4Boxes.Box("jpeg", [0, 0, 0, 0, 0, 0, 0, 1], new byte[16], [0, 96, 0, 80], Mp4Boxes.Numbers(72 * One, 72 * One, 0), [0, 1], new byte[32], [0, 24, 255, 255]);
        byte[] table = Mp4Boxes.Box(
            "stbl",
            Mp4Boxes.Box("stsd", Mp4Boxes.Numbers(0, 1), entry),
            Mp4Boxes.Box("stts", Mp4Boxes.Numbers(0, 1, samples, 40)),
            Mp4Boxes.Box("stsc", Mp4Boxes.Numbers(0, 1, 1, samples, 1)),
            Mp4Boxes.Box("stsz", Mp4Boxes.Numbers(0, length, samples)),
            Mp4Boxes.Box("stco", Mp4Boxes.Numbers(0, 1, offset)));
        byte[] data = Mp4Boxes.Box("dinf", Mp4Boxes.Box("dref", Mp4Boxes.Numbers(0, 1), Mp4Boxes.Box("url ", Mp4Boxes.Numbers(1))));
        return Mp4Boxes.Box(
            "trak",
            Mp4Boxes.Box("tkhd", Mp4Boxes.Numbers(3, 0, 0, 9, 0, 40 * samples, 0, 0, 0, 0), matrix, Mp4Boxes.Numbers(96 * One, 80 * One)),
            Mp4Boxes.Box(
                "mdia",
                Mp4Boxes.Box("mdhd", Mp4Boxes.Numbers(0, 0, 0, 1000, 40 * samples, 0x55C40000)),
                Mp4Boxes.Box("hdlr", Mp4Boxes.Numbers(0, 0), [.. "vide"u8], new byte[13]),
                Mp4Boxes.Box("minf", Mp4Boxes.Box("vmhd", Mp4Boxes.Numbers(1, 0, 0)), data, table)));
    }

    private static void Add(byte[] file, int at, int by) => BitConverter.TryWriteBytes(file.AsSpan(at), BitConverter.ToInt32(file, at) + by);

    private string Write(byte[] file)
    {
        File.WriteAllBytes(_folder.File("changed.mp4"), file);
        return _folder.File("changed.mp4");
    }

    private static byte[] Pixels(string path)
    {
        using var reader = FrameReader.Open(path);
        var pixels = new List<byte>();
        while (reader.TryRead(out var frame))
        {
            pixels.AddRange(frame.Pixels);
        }

        return [.. pixels];
    }
}
