using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Tests.Clips;

public class FrameSamplingTests
{
    [Property]
    public void Every_rule_gives_ascending_indices_inside_the_video(PositiveInt frames, PositiveInt length, PositiveInt stride, int seed)
    {
        var (n, l, s) = (frames.Get, length.Get, stride.Get);
        var random = new Random(seed);
        int[][] clips =
        [
            .. FrameSampling.UniformViews(n, l, 1), .. FrameSampling.UniformViews(n, l, 3), FrameSampling.UniformJittered(n, l, random),
            FrameSampling.UniformJitteredReleased(n, l, random),
            FrameSampling.UniformMiddles(0, n, l), FrameSampling.UniformMiddlesJittered(0, n, l, random),
            .. FrameSampling.DenseViews(n, l, s, 1), .. FrameSampling.DenseViews(n, l, s, 4), FrameSampling.DenseJittered(n, l, s, random),
            FrameSampling.Pretraining(n, l, s, random),
        ];
        Assert.All(clips, clip =>
        {
            Assert.Equal(l, clip.Length);
            Assert.InRange(clip[0], 0, n - 1);
            Assert.InRange(clip[^1], 0, n - 1);
            Assert.Equal(clip.Order(), clip);
        });
    }

    [Fact]
    public void A_single_view_takes_the_middle()
    {
        Assert.Equal([5, 15, 25, 35], FrameSampling.UniformViews(40, 4, 1)[0]);
        Assert.Equal([12, 16, 20, 24], FrameSampling.DenseViews(40, 4, 4, 1)[0]);
        Assert.Equal([new CropWindow(40, 0, 240, 240)], SpatialViews.TestCrops(320, 240, 1));
    }

    [Fact]
    public void A_training_clip_of_a_short_video_spreads_its_frames() =>
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2], FrameSampling.UniformJittered(3, 8, new Random(1)));

    [Theory]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(45)]
    [InlineData(160)]
    public void Training_clips_reach_every_frame_of_the_video(int frames)
    {
        var random = new Random(1);
        var seen = Enumerable.Range(0, 400).SelectMany(_ => FrameSampling.UniformJittered(frames, 16, random)).ToHashSet();
        Assert.Equal(Enumerable.Range(0, frames), seen.Order());
    }

    [Fact]
    public void The_originals_training_clips_leave_out_what_does_not_fill_a_segment()
    {
        var random = new Random(1);
        Assert.Equal(Enumerable.Range(0, 16), FrameSampling.UniformJitteredReleased(31, 16, random));
        Assert.All(FrameSampling.UniformJitteredReleased(10, 16, random), index => Assert.Equal(0, index));
    }

    [Fact]
    public void Jitter_around_the_middles_moves_by_up_to_half_a_segment()
    {
        var random = new Random(1);
        var draws = Enumerable.Range(0, 2000).Select(_ => FrameSampling.UniformMiddlesJittered(0, 160, 16, random)).ToArray();
        Assert.Equal((0, 9), (draws.Min(d => d[0]), draws.Max(d => d[0])));
        Assert.Equal((150, 159), (draws.Min(d => d[15]), draws.Max(d => d[15])));
    }

    [Fact]
    public void Three_uniform_views_start_a_third_of_a_segment_apart() =>
        Assert.Equal([0, 3, 6], FrameSampling.UniformViews(36, 4, 3).Select(view => view[0]));

    [Fact]
    public void Different_draws_give_different_starts_for_one_length()
    {
        var random = new Random(1);
        Assert.True(Enumerable.Range(0, 50).Select(_ => FrameSampling.Pretraining(300, 16, 4, random)[0]).Distinct().Count() > 20);
    }
}
