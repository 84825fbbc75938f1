using System.Security.Cryptography;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Tests.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Scoring;

/// <summary>Frames taken while motion is detected are those that decoding for their own sake gives.</summary>
public sealed class PassingFramesTests : IDisposable
{
    private static readonly ScoringViews Wanted = new(8, 32, ClipSampling.Uniform, 2, Segments: 2, Crops: 3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-passing-");
    private readonly FrameReduction _reduction = new(24);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("loose/g1.avi")]
    [InlineData("loose/video_90.mov")]
    [InlineData("loose/flipping_a_pancake.mkv")]
    public void Training_takes_its_frames_from_the_detection_and_reads_no_file(string name)
    {
        var copy = Copy(name);
        var source = new ClipSource(copy, new float[] { 8, 8, 64, 48 });
        var expected = Texts(new ClipReader(_reduction).ReadViews(source, Sample));
        var memory = new MemoryClipCache(_reduction, 1L << 30);
        Detect(copy, memory);
        File.Delete(copy);
        Assert.Equal(expected, Texts(memory.ReadViews(source, Sample)));
    }

    [Theory]
    [InlineData("loose/g1.avi")]
    [InlineData("loose/video_90.mov")]
    [InlineData("loose/flipping_a_pancake.mkv")]
    public void Scoring_gets_the_same_views_whether_they_were_taken_or_not(string name)
    {
        var copy = Copy(name);
        var boxes = Detect(copy, null).PerFrame.SelectMany(box => (float[])[box.X1, box.Y1, box.X2, box.Y2]).ToArray();
        foreach (var source in (ClipSource[])[new(copy, boxes), new(copy, default)])
        {
            var expected = Texts(Wanted.LoadCrops(source));
            var passing = new PassingViews(Wanted, new VideoLimits());
            Detect(copy, passing);
            Assert.Equal(expected, Texts(Wanted.LoadCrops(source, passing: passing)));
        }
    }

    [Fact]
    public void Views_are_taken_once_and_only_of_a_file_that_is_still_the_same()
    {
        using var video = new NumberedVideo(frames: 12);
        var passing = new PassingViews(Wanted, new VideoLimits());
        Detect(video.Path, passing);
        Assert.NotNull(passing.Take(new(video.Path, default)));
        Assert.Null(passing.Take(new(video.Path, default)));

        Detect(video.Path, passing);
        File.SetLastWriteTimeUtc(video.Path, DateTime.UtcNow.AddHours(1));
        Assert.Null(passing.Take(new(video.Path, default)));

        Detect(video.Path, passing);
        Assert.Null(passing.Take(new(video.Path, new float[5 * 4]))); // boxes of another number of frames ask for other views
    }

    [Fact]
    public void What_was_read_within_wider_limits_is_read_again()
    {
        using var video = new NumberedVideo(frames: 12);
        var narrow = new VideoLimits { MaxFrames = 5 };
        var (passing, memory) = (new PassingViews(Wanted, narrow), new MemoryClipCache(_reduction, 1L << 30, new VideoReading(narrow)));
        Detect(video.Path, passing);
        Detect(video.Path, memory);
        Assert.Null(passing.Take(new(video.Path, default)));
        Assert.Throws<VideoException>(() => memory.ReadViews(new(video.Path, default), Sample));
    }

    [Fact]
    public void Two_audiences_get_the_same_frames_and_a_detection_that_fails_leaves_none()
    {
        using var video = new NumberedVideo(frames: 12);
        var (passing, memory) = (new PassingViews(Wanted, new VideoLimits()), new MemoryClipCache(_reduction, 1L << 30));
        _ = FrameAudience.Attending(memory, () => Detect(video.Path, passing));
        Assert.NotNull(passing.Take(new(video.Path, default)));
        var kept = Texts(memory.ReadViews(new(video.Path, default), Sample));
        Assert.Equal(Texts(new ClipReader(_reduction).ReadViews(new(video.Path, default), Sample)), kept);

        using var cancel = new CancellationTokenSource();
        var stopping = new MotionDetector(new MotionDetectionOptions { CancellationToken = cancel.Token });
        Assert.ThrowsAny<OperationCanceledException>(() => FrameAudience.Attending(passing, () =>
        {
            _ = stopping.DetectFrames(video.Path, _ => cancel.Cancel());
            return 0;
        }));
        Assert.Null(passing.Take(new(video.Path, default)));
    }

    [Fact]
    public void The_next_training_takes_over_only_what_is_still_the_same_and_of_its_size()
    {
        using var same = new NumberedVideo(frames: 9);
        using var changed = new NumberedVideo(frames: 9);
        var before = new MemoryClipCache(_reduction, 1L << 30);
        Detect(same.Path, before);
        Detect(changed.Path, before);
        File.SetLastWriteTimeUtc(changed.Path, DateTime.UtcNow.AddHours(1));
        var (next, other) = (new MemoryClipCache(new FrameReduction(24), 1L << 30), new MemoryClipCache(new FrameReduction(16), 1L << 30));
        next.TakeFrom(before);
        other.TakeFrom(before);
        var expected = Texts(before.ReadViews(new(same.Path, default), Sample));
        File.Delete(same.Path);
        File.Delete(changed.Path);
        Assert.Equal(expected, Texts(next.ReadViews(new(same.Path, default), Sample)));
        Assert.Throws<VideoException>(() => next.ReadViews(new(changed.Path, default), Sample));
        Assert.Throws<VideoException>(() => other.ReadViews(new(same.Path, default), Sample));
    }

    [Theory]
    [InlineData("loose/g1.avi")]
    [InlineData("loose/video_90.mov")]
    [InlineData("loose/flipping_a_pancake.mkv")]
    public void Crops_of_frames_in_one_memory_are_those_of_frames_that_are_kept(string name)
    {
        var source = new ClipSource(RealVideos.PathOf(name), default);
        using var reader = FrameReader.Open(source.VideoPath);
        var read = Wanted.ReadCrops(source);
        int[] indices = [.. read.Views.SelectMany(view => view).Distinct().Order()];
        var frames = reader.ReadAt(indices, frame => frame);
        for (var i = 0; i < indices.Length; i++)
        {
            Assert.Equal(Wanted.CropsOf(frames[i]).Select(crop => crop.Pixels), read.At(indices[i]).Select(crop => crop.Pixels));
        }
    }

    [Theory]
    [InlineData(16, false)]
    [InlineData(32, true)] // kept as they are
    [InlineData(40, true)]
    public void A_taker_says_whether_it_keeps_frames_and_then_they_have_memory_of_their_own(int shortSide, bool keeps)
    {
        using var video = new NumberedVideo(frames: 12, width: 32, height: 32);
        var source = new ClipSource(video.Path, default);
        var whole = new ScoringViews(8, 32, ClipSampling.Uniform, 2, Segments: 1, Crops: 1); // the crop is the whole frame
        var reduction = new FrameReduction(shortSide);
        var (passing, memory) = (new PassingViews(whole, new VideoLimits()), new MemoryClipCache(reduction, 1L << 30));
        Assert.False(Keeps(passing));
        Assert.Equal(keeps, Keeps(memory));
        Assert.Equal(keeps, Keeps(FrameAudience.Joined(passing, memory)!));
        Assert.Equal(keeps, Keeps(FrameAudience.Joined(memory, passing)!));

        string[] expected = Texts(whole.LoadCrops(source)), clips = Texts(new ClipReader().ReadViews(source, Sample));
        Detect(video.Path, passing);
        Assert.Equal(expected, Texts(whole.LoadCrops(source, passing: passing)));
        _ = FrameAudience.Attending(memory, () => Detect(video.Path, passing));
        Assert.Equal(expected, Texts(whole.LoadCrops(source, passing: passing)));
        var kept = Texts(memory.ReadViews(source, Sample));
        Assert.Equal(keeps ? clips : Texts(new ClipReader(reduction).ReadViews(source, Sample)), kept);

        bool Keeps(IFrameAudience audience)
        {
            using var reader = FrameReader.Open(video.Path);
            using var taker = audience.Expect(video.Path, reader.Facts, new VideoLimits());
            return taker!.KeepsFrames;
        }
    }

    private static BoxTrack Detect(string path, IFrameAudience? audience) => FrameAudience.Attending(audience, () => new MotionDetector().Detect(path));

    private static int[][] Sample(int frames) => [[0, frames - 1], [frames / 2, frames - 1, frames - 1]];

    private static string[] Texts(Clip[] views) => Array.ConvertAll(views, view =>
    {
        using (view)
        {
            return string.Join('|', Enumerable.Range(0, view.Length).Select(i => $"{view.Width}x{view.Height} {view.Boxes[i]} {Convert.ToHexString(SHA256.HashData(view.Frame(i)))}"));
        }
    });

    private string Copy(string name)
    {
        var copy = Path.Combine(_folder.FullName, Path.GetFileName(name));
        File.Copy(RealVideos.PathOf(name), copy);
        return copy;
    }
}
