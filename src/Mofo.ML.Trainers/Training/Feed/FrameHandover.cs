using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Frames that a training leaves for the one behind it in the same chain, which <c>Fit</c> begins at once; forgotten when nobody came.</summary>
internal sealed class FrameHandover : IDisposable
{
    /// <summary>Between two trainings of a chain ML.NET fits what stands between them, e.g. the keys of the labels.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Timer _end;
    private MemoryClipCache? _frames;

    public FrameHandover(MemoryClipCache frames)
    {
        _frames = frames;
        using var flow = ExecutionContext.SuppressFlow();
        _end = new Timer(_ => _ = Take(), null, Patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The frames, once; null afterwards, and when they have waited too long.</summary>
    public MemoryClipCache? Take()
    {
        _end.Dispose();
        return Interlocked.Exchange(ref _frames, null);
    }

    public void Dispose() => _ = Take();
}
