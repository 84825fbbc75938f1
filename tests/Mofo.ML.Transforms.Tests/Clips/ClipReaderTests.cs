using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Tests.Clips;

public class ClipReaderTests
{
    private readonly ClipReader _reader = new();

    [Fact]
    public void A_clip_shows_the_sampled_frames_and_each_ones_box()
    {
        using var video = new NumberedVideo(frames: 20);
        var boxes = Enumerable.Range(0, 20).SelectMany(i => new float[] { i, 0, i + 10, 8 }).ToArray();
        using var clip = _reader.Read(new(video.Path, boxes), frames => [0, 3, 3, frames - 1]);
        Assert.Equal((4, 64, 48), (clip.Length, clip.Width, clip.Height));
        Assert.Equal([0, 15, 15, 95], Shades(clip));
        Assert.Equal([new(0, 0, 10, 8), new(3, 0, 13, 8), new(3, 0, 13, 8), new(19, 0, 29, 8)], clip.Boxes);
    }

    [Fact]
    public void Four_values_are_one_box_for_the_whole_video_and_none_is_no_box()
    {
        using var video = new NumberedVideo(frames: 6);
        using var one = _reader.Read(new(video.Path, new float[] { 1, 2, 3, 4 }), frames => [0, frames - 1]);
        Assert.Equal([new(1, 2, 3, 4), new(1, 2, 3, 4)], one.Boxes);
        Assert.Equal([0, 25], Shades(one));
        using var none = _reader.Read(new(video.Path, default), _ => [2]);
        Assert.True(none.Boxes[0].IsEmpty);
    }

    [Fact]
    public void The_number_of_boxes_is_the_number_of_frames()
    {
        using var video = new NumberedVideo(frames: 6);
        using var clip = _reader.Read(new(video.Path, new float[4 * 5]), frames => [frames - 1]);
        Assert.Equal([20], Shades(clip));
    }

    [Fact]
    public void Views_of_one_video_come_from_one_pass()
    {
        using var video = new NumberedVideo(frames: 40);
        var views = _reader.ReadViews(new(video.Path, default), frames => FrameSampling.UniformViews(frames, 4, 2));
        Assert.Equal([[0, 50, 100, 150], [25, 75, 125, 175]], views.Select(Shades));
        Array.ForEach(views, view => view.Dispose());
    }

    [Theory]
    [InlineData("g1.avi")]
    [InlineData("balle1-vp9.avi")]
    [InlineData("flipping_a_pancake.mkv")]
    [InlineData("Effet_force_magnetique.ogv")]
    [InlineData("video_90.mov")]
    public void Clips_of_real_videos_move(string name)
    {
        using var clip = _reader.Read(new(RealVideos.PathOf("loose/" + name), default), frames => FrameSampling.UniformMiddles(0, frames, 4));
        Assert.NotEqual(clip.Frame(0).ToArray(), clip.Frame(3).ToArray());
    }

    [Fact]
    public void A_missing_file_is_named_with_its_row()
    {
        var error = Assert.Throws<VideoException>(() => _reader.Read(new("nowhere.mp4", default, Row: 7), _ => [0]));
        Assert.Equal("nowhere.mp4", error.File);
        Assert.Equal(7, error.Row);
    }

    [Fact]
    public void A_box_row_of_odd_length_is_named()
    {
        using var video = new NumberedVideo(frames: 6);
        var error = Assert.Throws<VideoException>(() => _reader.Read(new(video.Path, new float[6], Row: 2), _ => [0]));
        Assert.Contains("(row 2): its motion boxes have 6 values; expected 4 per frame", error.Message, StringComparison.Ordinal);
    }

    private static int[] Shades(Clip clip) => [.. Enumerable.Range(0, clip.Length).Select(i => (int)clip.Frame(i)[0])];
}
