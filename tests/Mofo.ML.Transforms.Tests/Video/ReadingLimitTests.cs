using Mofo.ML.Transforms.Video;
using static Mofo.ML.Transforms.Tests.Video.Refusal;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Videos are opened and read within the limits, and until cancelled.</summary>
public sealed class ReadingLimitTests : IDisposable
{
    private static readonly CancellationToken Cancelled = new(canceled: true);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clip.avi")]
    [InlineData("clip.mp4")]
    [InlineData("clip.mkv")]
    public void The_limits_are_kept_and_named(string name)
    {
        var path = RenderedVideo.Write(_folder.File(name), 12);
        Assert.Contains("64x48 pixels; at most 3071 pixels are read (VideoLimits.MaxPixels)", Refused(path, new() { MaxPixels = (64 * 48) - 1 }));
        Assert.Contains("at most 100 are read (VideoLimits.MaxBytes)", Refused(path, new() { MaxBytes = 100 }));
        var error = Assert.Throws<VideoException>(() =>
        {
            using var reader = FrameReader.Open(path, new VideoReading(new() { MaxFrames = 11 }));
            while (reader.TrySkip())
            {
            }
        });
        Assert.Contains("it has more than 11 frames (VideoLimits.MaxFrames)", error.Message);
        using var fits = FrameReader.Open(path, new VideoReading(new() { MaxPixels = 64 * 48, MaxFrames = 12, MaxBytes = new FileInfo(path).Length }));
        Assert.Equal(12, fits.CountFrames());
    }

    [Fact]
    public void A_huge_picture_in_a_folder_is_refused_before_it_is_decoded()
    {
        var images = RenderedVideo.WriteImages(_folder.File("images"), 3);
        byte[] head = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, .. Mp4Boxes.Numbers(27_000, 27_000), 8, 2, 0, 0, 0, 1, 2, 3, 4];
        File.WriteAllBytes(Path.Combine(images, "frame_1.png"), head);
        using var reader = FrameReader.Open(images);
        Assert.Contains("image 'frame_1.png' has 27000x27000 pixels; at most 67108864", Assert.Throws<VideoException>(() => reader.ReadAt([1], frame => frame)).Message);
        Assert.Contains("it has more than 2 frames", Refused(images, new() { MaxFrames = 2 }));
    }

    [Theory]
    [InlineData("clip.avi")]
    [InlineData("clip.mp4")]
    [InlineData("clip.mkv")]
    [InlineData("images")]
    public void A_token_ends_opening_reading_and_counting(string name)
    {
        var path = name == "images" ? RenderedVideo.WriteImages(_folder.File(name), 5) : RenderedVideo.Write(_folder.File(name), 5);
        Assert.ThrowsAny<OperationCanceledException>(() => FrameReader.Open(path, cancel: Cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => FrameReader.Open(path, new VideoReading(cancel: Cancelled)));
        using var stop = new CancellationTokenSource();
        using var reader = FrameReader.Open(path, cancel: stop.Token);
        Assert.True(reader.TryRead(out _));
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => reader.ReadAt([4], frame => frame));
        Assert.ThrowsAny<OperationCanceledException>(() => new MotionDetector().Detect(path, Cancelled));
    }

    [Fact]
    public void Limits_out_of_range_are_named()
    {
        var error = Assert.Throws<MofoOptionsException>(() => new VideoLimits { MaxPixels = 0, MaxFrames = -1, MaxBytes = 0, MaxWaitSeconds = 0 }.Validate());
        Assert.Equal(4, error.Problems.Count);
        error = Assert.Throws<MofoOptionsException>(() => new MotionDetectionOptions { VideoLimits = new() { MaxFrames = 0 } }.Validate());
        Assert.Contains("VideoLimits.MaxFrames is 0; it must be in [1, 2147483647].", error.Message);
        Assert.Throws<MofoOptionsException>(() => new MotionDetector(new() { VideoLimits = null! }));
    }

    [Fact]
    public void A_picture_that_no_array_holds_cannot_be_allowed()
    {
        var most = Array.MaxLength / 3;
        new VideoLimits { MaxPixels = most }.Validate();
        Assert.Contains(
            "MaxPixels is 715827864; it must be in [1, 715827863].", Assert.Throws<MofoOptionsException>(() => new VideoLimits { MaxPixels = most + 1 }.Validate()).Message, StringComparison.Ordinal);
    }
}
