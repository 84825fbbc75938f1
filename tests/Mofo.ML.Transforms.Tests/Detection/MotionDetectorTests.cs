using Mofo.ML.Tests.Synthetic;

namespace Mofo.ML.Transforms.Tests.Detection;

public sealed class MotionDetectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_moving_thing_is_found_where_it_is()
    {
        var clip = SyntheticClip.Render(CameraMotion.Still, things: 1, seed: 3, frames: 16, width: 160, height: 120);
        var track = new MotionDetector().Detect(ClipFile.Write(clip.Frames, _folder.PathOf("one.avi")));
        Assert.True(track.MotionFound);
        Assert.Equal((160, 120, 16), (track.FrameWidth, track.FrameHeight, track.PerFrame.Count));
        Assert.InRange(track.Union.IntersectionOverUnion(clip.TruthUnion), 0.6f, 1f);
    }

    [Fact]
    public void Where_nothing_moves_the_box_is_the_central_half_and_says_so()
    {
        var clip = SyntheticClip.Render(CameraMotion.Pan, things: 0, seed: 3, frames: 10, width: 160, height: 120);
        var track = new MotionDetector().Detect(ClipFile.Write(clip.Frames, _folder.PathOf("none.avi")));
        Assert.False(track.MotionFound);
        Assert.Equal(new MotionBox(40, 30, 120, 90), track.Union);
        Assert.InRange(track.MotionStrength, 0, 0.05f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Clips_shorter_than_the_window_have_a_box_for_every_frame(int frames)
    {
        var clip = SyntheticClip.Render(CameraMotion.Still, things: 1, seed: 3, frames: 16, width: 96, height: 64);
        var path = ClipFile.Write([.. clip.Frames.Take(frames)], _folder.PathOf("short.avi"));
        foreach (var options in new[] { new MotionDetectionOptions(), new MotionDetectionOptions { ReleaseCompatible = true, Quantize = true } })
        {
            var track = new MotionDetector(options).Detect(path);
            Assert.Equal(frames, track.PerFrame.Count);
            Assert.Equal(frames > 1 && track.MotionFound, track.MotionFound); // one frame cannot move
            Assert.All(track.PerFrame, box => Assert.False(box.IsEmpty));
        }
    }

    [Fact]
    public void Flow_at_a_smaller_size_gives_boxes_in_pixels_of_the_source()
    {
        var clip = SyntheticClip.Render(CameraMotion.Still, things: 1, seed: 3, frames: 12);
        var path = ClipFile.Write(clip.Frames, _folder.PathOf("scaled.avi"));
        var full = new MotionDetector(new MotionDetectionOptions { FlowShortSide = 0 }).Detect(path);
        var half = new MotionDetector(new MotionDetectionOptions { FlowShortSide = 120 }).Detect(path);
        Assert.InRange(half.Union.IntersectionOverUnion(full.Union), 0.7f, 1f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(120)]
    public void A_look_at_the_frames_changes_no_box(int shortSide)
    {
        // Frames that are looked at have memory of their own, others are written over one another.
        var clip = SyntheticClip.Render(CameraMotion.Pan, things: 1, seed: 4, frames: 14);
        var path = ClipFile.Write(clip.Frames, _folder.PathOf("looked-at.avi"));
        var detector = new MotionDetector(new MotionDetectionOptions { FlowShortSide = shortSide });
        var looked = detector.DetectFrames(path, _ => { });
        Assert.Equal(looked.PerFrame, detector.Detect(path).PerFrame);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Maps_without_pictures_are_the_same_maps(bool releaseCompatible)
    {
        var clip = SyntheticClip.Render(CameraMotion.Pan, things: 1, seed: 4, frames: 14);
        var path = ClipFile.Write(clip.Frames, _folder.PathOf("maps.avi"));
        var detector = new MotionDetector(new MotionDetectionOptions { ReleaseCompatible = releaseCompatible });
        List<float[]> maps = [], alone = [];
        var track = detector.DetectFrames(path, frame =>
        {
            Assert.Equal(frame.Width * frame.Height * 3, frame.Rgb.Length);
            maps.Add(frame.Map.ToArray());
        });
        Assert.Equal(track.PerFrame, detector.DetectMaps(path, frame => alone.Add(frame.Map.ToArray())).PerFrame);
        Assert.Equal(14, alone.Count);
        Assert.Equal(maps, alone);
    }

    [Fact]
    public void The_number_of_flow_threads_changes_nothing()
    {
        var clip = SyntheticClip.Render(CameraMotion.Shake, things: 2, seed: 5, frames: 14, width: 128, height: 96);
        var path = ClipFile.Write(clip.Frames, _folder.PathOf("threads.avi"));
        var one = new MotionDetector(new MotionDetectionOptions { FlowThreads = 1 }).Detect(path);
        var five = new MotionDetector(new MotionDetectionOptions { FlowThreads = 5 }).Detect(path);
        Assert.Equal(one.PerFrame, five.PerFrame);
        Assert.Equal(one.MotionStrength, five.MotionStrength);
    }

    [Fact]
    public void Several_videos_at_once_give_what_each_gives_alone()
    {
        var paths = Enumerable.Range(0, 4)
            .Select(i => ClipFile.Write(SyntheticClip.Render(CameraMotion.Pan, 1, i, frames: 10, width: 96, height: 64).Frames, _folder.PathOf($"{i}.avi"))).ToArray();
        var detector = new MotionDetector();
        var alone = paths.Select(path => detector.Detect(path).Union).ToArray();
        var together = paths.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(path => detector.Detect(path).Union).ToArray();
        Assert.Equal(alone, together);
    }

    [Fact]
    public void The_callback_sees_every_frame_in_order_with_its_map()
    {
        var clip = SyntheticClip.Render(CameraMotion.Still, 1, 3, frames: 13, width: 96, height: 64);
        var path = ClipFile.Write(clip.Frames, _folder.PathOf("seen.avi"));
        var seen = new List<int>();
        var brightest = 0f;
        var track = new MotionDetector().DetectFrames(
            path,
            frame =>
            {
                seen.Add(frame.Index);
                Assert.Equal(96 * 64 * 3, frame.Rgb.Length);
                Assert.Equal(frame.MapWidth * frame.MapHeight, frame.Map.Length);
                brightest = Math.Max(brightest, System.Numerics.Tensors.TensorPrimitives.Max(frame.Map.Span));
            });
        Assert.Equal(Enumerable.Range(0, 13), seen);
        Assert.Equal(13, track.PerFrame.Count);
        Assert.True(brightest > 0);
    }

    [Fact]
    public void Either_token_stops_the_work()
    {
        var path = ClipFile.Write(SyntheticClip.Render(CameraMotion.Still, 1, 3, frames: 4, width: 96, height: 64).Frames, _folder.PathOf("stop.avi"));
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => new MotionDetector().Detect(path, cancelled));
        Assert.Throws<OperationCanceledException>(() => new MotionDetector(new MotionDetectionOptions { CancellationToken = cancelled }).Detect(path));
    }

    [Fact]
    public void A_file_that_is_no_video_is_named_in_the_error()
    {
        var path = _folder.PathOf("text.mp4");
        using (var writer = File.CreateText(path))
        {
            writer.Write("not a video");
        }

        Assert.Equal(path, Assert.Throws<VideoException>(() => new MotionDetector().Detect(path)).File);
        Assert.Throws<VideoException>(() => new MotionDetector(new MotionDetectionOptions { CacheFolder = _folder.PathOf("c") }).Detect(_folder.PathOf("missing.mp4")));
    }

    [Fact]
    public void Options_are_copied_and_checked_when_the_detector_is_made()
    {
        Assert.Throws<MofoOptionsException>(() => new MotionDetector(new MotionDetectionOptions { Window = 0 }));
        var options = new MotionDetectionOptions();
        var detector = new MotionDetector(options);
        options.CancellationToken = new CancellationToken(canceled: true);
        var path = ClipFile.Write(SyntheticClip.Render(CameraMotion.Still, 1, 3, frames: 3, width: 96, height: 64).Frames, _folder.PathOf("copied.avi"));
        Assert.Equal(3, detector.Detect(path).PerFrame.Count);
    }
}
