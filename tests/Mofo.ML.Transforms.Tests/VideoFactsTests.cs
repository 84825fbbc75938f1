using Mofo.ML.Transforms.Tests.Video;

namespace Mofo.ML.Transforms.Tests;

public sealed class VideoFactsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_are_counted_by_decoding_and_size_and_rate_are_told()
    {
        var path = RenderedVideo.Write(_folder.File("clip.avi"), 9, 64, 48);
        var facts = VideoFacts.Read(path);
        Assert.Equal((path, 64, 48, 9), (facts.Path, facts.Width, facts.Height, facts.Frames));
        Assert.Equal(25, facts.FramesPerSecond, 0.01);
        Assert.Empty(facts.Remarks);
    }

    [Fact]
    public void A_damaged_file_a_limit_and_a_token_are_obeyed()
    {
        var path = RenderedVideo.Write(_folder.File("clip.avi"), 9, 64, 48);
        Assert.Throws<VideoException>(() => VideoFacts.Read(path, new VideoLimits { MaxPixels = 100 }));
        Assert.Throws<MofoOptionsException>(() => VideoFacts.Read(path, new VideoLimits { MaxFrames = 0 }));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => VideoFacts.Read(path, cancellationToken: stopped.Token));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2000]);
        Assert.Throws<VideoException>(() => VideoFacts.Read(path));
    }
}
