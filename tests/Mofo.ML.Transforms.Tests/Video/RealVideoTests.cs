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
        Assert.Equal(90, Math.Abs(upright.Facts.Rotation));
        Assert.Equal(0, lying.Facts.Rotation);
    }

    [Theory]
    [InlineData("audio_only.mp4", "cannot be opened as a video")]
    [InlineData("bitflips.avi", "damaged: decoding stopped after 68 of 240 frames")]
    [InlineData("bitflips_mdat.mp4", "damaged: decoding stopped after 128 of 303 frames")]
    [InlineData("decord_corrupted.mp4", "damaged: decoding stopped after 28 of 50 frames")]
    [InlineData("empty.mp4", "the file is empty")]
    [InlineData("header_only.avi", "truncated: the container declares 508394 bytes, the file has 2048")]
    [InlineData("no_moov.mp4", "cannot be opened as a video")]
    [InlineData("random_bytes.avi", "cannot be opened as a video")]
    [InlineData("text_not_video.mp4", "this is a text file, not a video")]
    [InlineData("truncated_60pct.avi", "truncated: the container declares 508394 bytes, the file has 305036")]
    [InlineData("truncated_half.mp4", "truncated")]
    [InlineData("zeroed_block.mp4", "damaged: decoding stopped after 152 of 303 frames")]
    public void Every_corrupt_file_gives_its_reason(string name, string reason)
    {
        var path = RealVideos.PathOf("corrupt/" + name);
        var error = Assert.Throws<VideoException>(() => FrameReaderTests.ReadAll(path));
        Assert.StartsWith($"File '{path}': {reason}", error.Message);
    }
}
