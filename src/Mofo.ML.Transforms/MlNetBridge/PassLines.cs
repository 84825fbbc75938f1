namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Lines for the log of a long pass, so that a pass over many videos is not silent.</summary>
/// <param name="title">What the pass does.</param>
/// <param name="clock">The time; the pass begins now.</param>
internal sealed class PassLines(string title, TimeProvider clock)
{
    /// <summary>From one line to the next, and from the start to the first: a short pass has none.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private long _last = clock.GetTimestamp();

    /// <summary>The line after one more video; null where the last one is not old enough.</summary>
    public string? After(VideoCount count)
    {
        if (clock.GetElapsedTime(_last) < Every)
        {
            return null;
        }

        _last = clock.GetTimestamp();
        var videos = count.Done == 1 ? "video" : "videos";
        return count.Skipped == 0 ? Invariant($"{title}: {count.Done} {videos} so far.") : Invariant($"{title}: {count.Done} {videos} so far, {count.Skipped} of them could not be read.");
    }
}
