namespace Mofo.ML.Transforms.Video;

/// <summary>Needs frames of videos that another stage decodes from end to end: taken on the way, they are not decoded a second time.</summary>
internal interface IFrameAudience
{
    /// <summary>Called before the first frame of a video; on any thread, for several videos at once.</summary>
    /// <param name="path">The video as the row names it.</param>
    /// <param name="facts">What is known of it.</param>
    /// <param name="limits">Those that it was opened with.</param>
    /// <returns>Who takes its frames; null where none are wanted.</returns>
    IFrameTaker? Expect(string path, VideoFile facts, VideoLimits limits);
}

/// <summary>Takes the frames of one video; disposed before <see cref="Complete"/>, it forgets them.</summary>
internal interface IFrameTaker : IDisposable
{
    /// <summary>Whether frames are held beyond <see cref="Take"/>, so that each must have memory of its own.</summary>
    bool KeepsFrames { get; }

    /// <summary>The next frame in order; it may be written over after the call, unless <see cref="KeepsFrames"/>.</summary>
    void Take(Frame frame);

    /// <summary>All frames that decode were taken.</summary>
    void Complete();
}

/// <summary>The audience of whatever decodes now.</summary>
/// <remarks>
/// ML.NET's views have no place for it. A stage that reads rows from the one before it opens <see cref="Attending"/> around that, and whatever starts to decode within it, on whichever thread, has this
/// audience. Frames that nobody offers are decoded as ever. A pass takes its audience when it begins, on the thread that asks for its rows: ML.NET reads rows on threads of its own, which it keeps and
/// which still have the audience of an earlier pass.
/// </remarks>
internal static class FrameAudience
{
    private static readonly AsyncLocal<IFrameAudience?> Reader = new();

    /// <summary>Who wants frames; null for nobody.</summary>
    public static IFrameAudience? Present => Reader.Value;

    /// <summary>Runs <paramref name="read"/> with one more audience.</summary>
    public static T Attending<T>(IFrameAudience? audience, Func<T> read) => Run(Joined(Present, audience), read);

    /// <summary>Runs <paramref name="work"/> with this audience and no other.</summary>
    public static T Run<T>(IFrameAudience? audience, Func<T> work)
    {
        var before = Reader.Value;
        Reader.Value = audience;
        try
        {
            return work();
        }
        finally
        {
            Reader.Value = before;
        }
    }

    /// <summary>Two audiences as one; null where there is neither.</summary>
    public static IFrameAudience? Joined(IFrameAudience? one, IFrameAudience? other) => one is null ? other : other is null ? one : new Both(one, other);

    private sealed class Both(IFrameAudience one, IFrameAudience other) : IFrameAudience
    {
        public IFrameTaker? Expect(string path, VideoFile facts, VideoLimits limits) => (one.Expect(path, facts, limits), other.Expect(path, facts, limits)) switch
        {
            (null, var second) => second,
            (var first, null) => first,
            var (first, second) => new Pair(first, second),
        };
    }

    private sealed class Pair(IFrameTaker one, IFrameTaker other) : IFrameTaker
    {
        public bool KeepsFrames => one.KeepsFrames || other.KeepsFrames;

        public void Take(Frame frame)
        {
            one.Take(frame);
            other.Take(frame);
        }

        public void Complete()
        {
            one.Complete();
            other.Complete();
        }

        public void Dispose()
        {
            one.Dispose();
            other.Dispose();
        }
    }
}
