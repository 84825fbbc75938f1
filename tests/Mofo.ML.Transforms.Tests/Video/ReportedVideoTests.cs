using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Videos that others reported as read wrongly, with the right value of each. The kinds behind them are tried with rendered files in the classes beside this one.</summary>
public sealed class ReportedVideoTests
{
    [Theory]
    [InlineData("02-editlist-trim/trim_mid2s.mp4", 56)]
    [InlineData("02-editlist-trim/trim_60pct.mp4", 84)]
    public void An_edit_list_shows_what_a_player_shows_and_clips_spread_over_it(string name, int frames)
    {
        var path = SharedCases.PathOf(name);
        Assert.Equal(frames, Frames(path).Count);
        using var reader = FrameReader.Open(path);
        Assert.Equal(frames, reader.CountFrames());
        var chosen = 0;
        using var clip = new ClipReader().Read(new ClipSource(path, default), count =>
        {
            chosen = count;
            return FrameSampling.UniformViews(count, 8, 1)[0];
        });
        Assert.Equal(frames, chosen);
        Assert.Equal(8, Enumerable.Range(0, 8).Select(i => Convert.ToHexString(clip.Frame(i))).Distinct().Count());
        Assert.Equal(frames, new MotionDetector(new() { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48 }).Detect(path).PerFrame.Count);
    }

    [Fact]
    public void A_size_that_changes_in_the_middle_is_refused()
    {
        var error = Assert.Throws<VideoException>(() => FrameReader.Open(SharedCases.PathOf("03-size-change/varres.ts")));
        Assert.Contains("changes from 320x240 to 176x144 at frame 25", error.Message);
    }

    [Theory]
    [InlineData("trailer_gps_text.mp4")]
    [InlineData("trailer_insta360.mp4")]
    public void Bytes_after_the_last_box_do_no_harm(string name) =>
        Assert.Equal(Frames(SharedCases.PathOf("04-trailing-bytes/base32.mp4")).Select(f => f.Pixels), Frames(SharedCases.PathOf("04-trailing-bytes/" + name)).Select(f => f.Pixels));

    [Fact]
    public void Cover_art_before_the_video_is_not_taken_for_it()
    {
        var frames = Frames(SharedCases.PathOf("05-cover-art-first/cover_first.mp4"));
        Assert.Equal(33, frames.Count);
        Assert.All(frames, frame => Assert.Equal((170, 128), (frame.Width, frame.Height)));
    }

    [Fact]
    public void AV1_is_named_with_the_way_to_convert_it()
    {
        var error = Assert.Throws<VideoException>(() => FrameReader.Open(SharedCases.PathOf("07-av1/av1.mp4")));
        Assert.Contains("its codec is AV1, for which this build of OpenCV has no decoder; convert it: ffmpeg", error.Message);
    }

    [Theory]
    [InlineData("mat_hflip.mp4", false, true, false)]
    [InlineData("mat_vflip.mp4", false, false, true)]
    [InlineData("mat_rot90_hflip.mp4", true, false, false)]
    public void A_mirrored_picture_is_shown_mirrored(string name, bool transposed, bool flippedX, bool flippedY)
    {
        var plain = Frames(SharedCases.PathOf("04-trailing-bytes/base32.mp4"));
        var shown = Frames(SharedCases.PathOf("08-mirrored/" + name));
        Assert.Equal(plain.Select(frame => OrientationTests.Place(frame, transposed, flippedX, flippedY)), shown.Select(frame => frame.Pixels));
    }

    [Fact]
    public void A_folder_with_flow_beside_the_frames_gives_the_frames()
    {
        var warnings = new List<string>();
        using var reader = FrameReader.Open(SharedCases.PathOf("14-rawframes-with-flow/v1"), new VideoReading(warning: warnings.Add));
        Assert.Equal(8, reader.CountFrames());
        Assert.Contains("only the series 'img_#.jpg' (8 files) is read; passed over: 'flow_x_#.jpg' (8 files), 'flow_y_#.jpg' (8 files)", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("col_601_tv.mp4")]
    [InlineData("col_709_tv.mp4")]
    public void Colours_are_those_of_the_stream_whatever_its_matrix(string name)
    {
        var pixels = Frames(SharedCases.PathOf("26-bt709-colours/" + name))[0].Pixels;
        Assert.InRange(pixels[0], 31, 33);
        Assert.InRange(pixels[1], 191, 193);
        Assert.InRange(pixels[2], 63, 65);
    }

    private static List<Frame> Frames(string path)
    {
        using var reader = FrameReader.Open(path);
        var frames = new List<Frame>();
        while (reader.TryRead(out var frame))
        {
            frames.Add(frame);
        }

        return frames;
    }
}
