using System.Text;
using FsCheck.Xunit;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>What may lie around the pictures of an mp4 file: edit lists, bytes of cameras, padding, cover art, boxes without end.</summary>
public sealed class Mp4StructureTests : IDisposable
{
    private const int Length = 20;
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _plain;
    private readonly byte[][] _frames;

    public Mp4StructureTests()
    {
        _plain = File.ReadAllBytes(RenderedVideo.Write(_folder.File("plain.mp4"), Length));
        _frames = Frames(_plain);
        Assert.Equal(Length, _frames.Length);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 20)]
    [InlineData(0, 7)]
    [InlineData(5, 10)]
    [InlineData(13, 7)]
    [InlineData(19, 1)]
    public void An_edit_list_gives_the_frames_that_it_shows(int first, int count)
    {
        var trimmed = Mp4Boxes.WithEdits(_plain, Edit(first, count));
        Assert.Equal(_frames[first..(first + count)], Frames(trimmed));
        using var reader = FrameReader.Open(Written(trimmed));
        Assert.True(reader.Facts.CountIsExact);
        Assert.Equal(count, reader.CountFrames());
    }

    [Fact]
    public void A_pause_in_front_adds_no_frames()
    {
        var delayed = Mp4Boxes.WithEdits(_plain, (Edit(0, 10).Duration, -1), Edit(4, 12));
        Assert.Equal(_frames[4..16], Frames(delayed));
    }

    [Fact]
    public void Several_edits_are_counted_by_decoding()
    {
        using var reader = FrameReader.Open(Written(Mp4Boxes.WithEdits(_plain, Edit(0, 5), Edit(12, 5))));
        Assert.False(reader.Facts.CountIsExact);
        var count = reader.CountFrames();
        Assert.Equal(count, ReadAll(reader).Count);
    }

    [Fact]
    public void Clips_spread_over_what_is_shown()
    {
        var path = Written(Mp4Boxes.WithEdits(_plain, Edit(6, 8)));
        using var clip = new ClipReader().Read(new ClipSource(path, new float[] { 0, 0, 8, 8 }), count => FrameSampling.UniformViews(count, 8, 1)[0]);
        Assert.Equal(_frames[6..14], Enumerable.Range(0, 8).Select(i => clip.Frame(i).ToArray()));
    }

    /// <summary>Cameras and dashcams write what they like behind the last box.</summary>
    [Property(MaxTest = 40)]
    public void Bytes_after_the_last_box_do_no_harm(byte[] trailer)
    {
        // Whole boxes of a known type are boxes; all else, and boxes cut off that hold no pictures, is ignored.
        var known = trailer.Length >= 8 && Encoding.Latin1.GetString(trailer, 4, 4) is "moov" or "mdat" or "moof";
        using var reader = FrameReader.Open(Written([.. _plain, .. trailer]));
        Assert.True(known || ReadAll(reader).Count == Length);
    }

    [Theory]
    [InlineData("GPS: 52.1,13.4 2024-01-01 12:00:00 km/h 43; GPS: 52.1,13.4")]
    [InlineData("\u0000\u0000\u00ff\u00fffree and no more")]
    [InlineData("\u0082\u00b7\u0000\u0001\u0010\u0020\u0030\u0040 Insta360 8db42d694ccc418790edff439fe026bf")]
    [InlineData("\u0000\u0000\u0000\u0003wide")]
    [InlineData("\u0000\u0000\u0000\u0008wide\u0000\u0000\u0000\u0010free12345678")]
    public void Trailers_of_cameras_and_padding_do_no_harm(string trailer) => Assert.Equal(_frames, Frames([.. _plain, .. Encoding.Latin1.GetBytes(trailer)]));

    [Fact]
    public void Pictures_that_are_cut_off_are_still_missed()
    {
        // A second mdat of which the file has a half.
        byte[] cut = [.. _plain, .. Mp4Boxes.Numbers(2 * _plain.Length), .. "mdat"u8, .. new byte[_plain.Length]];
        Assert.Contains("truncated: the container declares", Assert.Throws<VideoException>(() => FrameReader.Open(Written(cut))).Message);
    }

    [Theory]
    [InlineData(false, ".jpg")]
    [InlineData(true, ".jpg")]
    [InlineData(false, ".png")]
    public void Cover_art_in_front_of_the_video_is_not_the_video(bool quickTime, string extension)
    {
        using var cover = RenderedVideo.Picture(3, 200, 200);
        Assert.True(Cv2.ImEncode(extension, cover, out var picture));
        var kind = extension == ".png" ? 14 : 13;
        var data = Mp4Boxes.Box("data", Mp4Boxes.Numbers(kind, 0), picture);
        var handler = Mp4Boxes.Box("hdlr", Mp4Boxes.Numbers(0, 0), [.. "mdirappl"u8], new byte[9]);
        var list = Mp4Boxes.Box("ilst", Mp4Boxes.Box("covr", data));
        var meta = quickTime ? Mp4Boxes.Box("meta", handler, list) : Mp4Boxes.Box("meta", Mp4Boxes.Numbers(0), handler, list);
        var tagged = Mp4Boxes.WithBoxBeforeTrack(_plain, Mp4Boxes.Box("udta", meta));

        var path = Written(tagged);
        using var reader = FrameReader.Open(path);
        Assert.Equal(_frames, ReadAll(reader).Select(frame => frame.Pixels));
        Assert.Equal(_frames[7], reader.ReadAt([7], frame => frame)[0].Pixels);
        Assert.Equal(tagged, File.ReadAllBytes(path));
    }

    /// <summary>The copy without the cover has no name, so that nothing is left behind even by a process that is killed.</summary>
    [Fact]
    public void A_copy_without_the_cover_leaves_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the copy has a name and goes when it is closed.");
        using var file = File.OpenRead(Written(_plain));
        string path;
        using (var copy = new TemporaryCopy("x", file, [4], CancellationToken.None))
        {
            path = copy.Path;
            Assert.StartsWith("/proc/self/fd/", path);
            Assert.Equal([.. _plain[..4], .. "free"u8, .. _plain[8..]], File.ReadAllBytes(path));
            Assert.EndsWith(" (deleted)", File.ResolveLinkTarget(path, returnFinalTarget: false)!.FullName);
        }

        Assert.Equal(_plain.Length, file.Length);
    }

    [Fact]
    public void Millions_of_empty_boxes_are_refused_unread()
    {
        byte[] file = [.. Mp4Boxes.Box("ftyp", [.. "isom"u8, 0, 0, 2, 0]), .. Enumerable.Repeat(Mp4Boxes.Box("free"), 200_000).SelectMany(box => box)];
        Assert.Contains("it consists of empty boxes", Assert.Throws<VideoException>(() => FrameReader.Open(Written(file))).Message);
        var inside = Mp4Boxes.WithBoxBeforeTrack(_plain, [.. Enumerable.Repeat(Mp4Boxes.Box("skip"), 200_000).SelectMany(box => box)]);
        Assert.Contains("it consists of empty boxes", Assert.Throws<VideoException>(() => FrameReader.Open(Written(inside))).Message);
    }

    [Fact]
    public void A_table_that_claims_more_than_the_file_can_hold_is_refused()
    {
        var sizes = Mp4Boxes.Find(_plain, "moov", "trak", "mdia", "minf", "stbl", "stsz");
        var claims = (byte[])_plain.Clone();
        Mp4Boxes.Numbers(1000, 200_000_000).CopyTo(claims, sizes.Start + 4);
        Assert.Contains("a track lists 200000000 samples of 1000 bytes", Assert.Throws<VideoException>(() => FrameReader.Open(Written(claims))).Message);
    }

    [Fact]
    public void Two_sample_descriptions_of_different_sizes_are_refused()
    {
        var descriptions = Mp4Boxes.Find(_plain, "moov", "trak", "mdia", "minf", "stbl", "stsd");
        var entry = _plain[(descriptions.Start + 8)..descriptions.End];
        var second = (byte[])entry.Clone();
        second[33] = 32; // width
        var two = Mp4Boxes.WithSecondSampleEntry(_plain, second);
        Assert.Contains("changes from 64x48 to 32x48", Assert.Throws<VideoException>(() => FrameReader.Open(Written(two))).Message);
    }

    /// <summary>Duration in the movie's units and start in the track's.</summary>
    private (int Duration, int Start) Edit(int first, int count)
    {
        var movie = Mp4Boxes.Number(_plain, Mp4Boxes.Find(_plain, "moov", "mvhd").Start + 12);
        var media = Mp4Boxes.Number(_plain, Mp4Boxes.Find(_plain, "moov", "trak", "mdia", "mdhd").Start + 12);
        return (count * movie / 25, first * media / 25);
    }

    private string Written(byte[] file)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.mp4");
        File.WriteAllBytes(path, file);
        return path;
    }

    private byte[][] Frames(byte[] file)
    {
        using var reader = FrameReader.Open(Written(file));
        return [.. ReadAll(reader).Select(frame => frame.Pixels)];
    }

    private static List<Frame> ReadAll(FrameReader reader)
    {
        reader.Rewind();
        var frames = new List<Frame>();
        while (reader.TryRead(out var frame))
        {
            frames.Add(frame);
        }

        return frames;
    }
}
