using System.Text.RegularExpressions;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>The real clips at hand, against the inventory that lies beside them.</summary>
public sealed class RealVideoTests
{
    [Fact]
    public void Every_sound_clip_decodes_to_the_frames_and_the_size_of_the_inventory()
    {
        var lines = File.ReadAllLines(RealVideos.PathOf("inventory.tsv"));
        var columns = lines[0].Split('\t');
        var problems = new List<string>();
        var seen = 0;
        foreach (var fields in lines.Skip(1).Select(l => l.Split('\t')).Where(f => f[0].StartsWith("loose", StringComparison.Ordinal)))
        {
            string Field(string name) => fields[Array.IndexOf(columns, name)];
            using var reader = FrameReader.Open(RealVideos.PathOf(Field("path")));
            var turned = Math.Abs(int.Parse(Field("rotation"))) == 90;
            var expected = (Width: int.Parse(Field(turned ? "height" : "width")), Height: int.Parse(Field(turned ? "width" : "height")), Count: int.Parse(Field("decoded_frames")));
            var found = (reader.Width, reader.Height, reader.CountFrames());
            seen++;
            if (found != expected)
            {
                problems.Add($"{Field("path")}: {found}, inventory {expected}");
            }
        }

        Assert.Empty(problems);
        Assert.True(seen > 0);
    }

    [Fact]
    public void The_turned_clip_is_the_other_one_turned()
    {
        using var upright = FrameReader.Open(RealVideos.PathOf("loose/video_90.mov"));
        using var lying = FrameReader.Open(RealVideos.PathOf("loose/video_0.mov"));
        Assert.Equal((lying.Height, lying.Width), (upright.Width, upright.Height));
        Assert.Equal(90, Math.Abs(upright.Facts.Orientation.Rotation));
        Assert.Equal(0, lying.Facts.Orientation.Rotation);
    }

    /// <summary>Counts and lengths are the pack's own business, so that another pack may hold other files under these names.</summary>
    [Theory]
    [InlineData("audio_only.mp4", "cannot be opened as a video")]
    [InlineData("bitflips.avi", @"damaged: decoding (stopped|ended) after \d+ of \d+ frames")]
    [InlineData("bitflips_mdat.mp4", @"damaged: decoding (stopped|ended) after \d+ of \d+ frames")]
    [InlineData("decord_corrupted.mp4", @"damaged: decoding (stopped|ended) after \d+ of \d+ frames")]
    [InlineData("empty.mp4", "the file is empty")]
    [InlineData("header_only.avi", @"truncated: the container declares \d+ bytes, the file has \d+")]
    [InlineData("no_moov.mp4", "cannot be opened as a video")]
    [InlineData("random_bytes.avi", "cannot be opened as a video")]
    [InlineData("text_not_video.mp4", "this is a text file, not a video")]
    [InlineData("truncated_60pct.avi", @"truncated: the container declares \d+ bytes, the file has \d+")]
    [InlineData("truncated_half.mp4", "truncated")]
    [InlineData("zeroed_block.mp4", @"damaged: decoding (stopped|ended) after \d+ of \d+ frames")]
    public void Every_corrupt_file_gives_its_reason(string name, string reason)
    {
        var path = RealVideos.PathOf("corrupt/" + name);
        var error = Assert.Throws<VideoException>(() => FrameReaderTests.ReadAll(path));
        Assert.Equal(path, error.File);
        Assert.Matches($"^{Regex.Escape($"File '{path}': ")}{reason}", error.Message);
    }

    /// <summary>Damage that no test names: the reader may live with it or refuse it, and nothing else.</summary>
    [Fact]
    public void Every_other_corrupt_file_gives_frames_or_a_VideoException()
    {
        foreach (var path in Directory.GetFiles(RealVideos.PathOf("corrupt")))
        {
            try
            {
                Assert.True(FrameReaderTests.ReadAll(path) > 0, path);
            }
            catch (VideoException e)
            {
                Assert.Equal(path, e.File);
            }
        }
    }

    /// <summary>The containers and codecs of the issue; one frame after another, at the size that is declared.</summary>
    [Theory]
    [InlineData("h264", ".mp4")]
    [InlineData("mpeg4", ".avi")]
    [InlineData("mjpeg", ".avi")]
    [InlineData("vp8", ".webm")]
    [InlineData("vp9", ".webm")]
    [InlineData("h264", ".mkv")]
    [InlineData("h264", ".mov")]
    [InlineData("theora", ".ogv")]
    public void Every_container_and_codec_at_hand_decodes(string codec, string extension)
    {
        var lines = File.ReadAllLines(RealVideos.PathOf("inventory.tsv"));
        var columns = lines[0].Split('\t').ToList();
        var paths = lines.Skip(1).Select(l => l.Split('\t')).Where(f => f[columns.IndexOf("codec")] == codec && f[0].EndsWith(extension, StringComparison.Ordinal)).Select(f => f[0]).Take(1).ToArray();
        Assert.SkipWhen(paths.Length == 0, $"These real clips hold no {codec} in {extension}.");
        using var reader = FrameReader.Open(RealVideos.PathOf(paths[0]));
        Assert.True(reader.TryRead(out var first));
        var differ = false;
        for (var count = 1; count < 30 && reader.TryRead(out var frame); count++)
        {
            Assert.Equal(reader.Width * reader.Height * 3, frame.Pixels.Length);
            differ |= !frame.Pixels.AsSpan().SequenceEqual(first.Pixels);
        }

        Assert.True(differ, "every frame is the first");
        Assert.True(first.Pixels.Max() - first.Pixels.Min() > 50, "the picture is flat");
    }
}
