using System.Collections.Concurrent;

namespace Mofo.ML.Transforms.Video;

/// <summary>How videos are read: the limits, whom to warn, when to stop.</summary>
internal sealed class VideoReading
{
    /// <summary>Files whose warning is remembered; beyond that a file may be warned about again.</summary>
    private const int MostRemembered = 100_000;

    private readonly Action<string>? _warning;
    private readonly ConcurrentDictionary<string, bool> _warned;

    /// <param name="limits">Null for the defaults; copied.</param>
    /// <param name="warning">Told once per file about what is read otherwise than it is meant, e.g. interlaced pictures.</param>
    /// <param name="cancel">Ends opening and reading.</param>
    public VideoReading(VideoLimits? limits = null, Action<string>? warning = null, CancellationToken cancel = default)
        : this((limits ?? new VideoLimits()).Copy(), warning, new(), cancel)
    {
    }

    private VideoReading(VideoLimits limits, Action<string>? warning, ConcurrentDictionary<string, bool> warned, CancellationToken cancel) =>
        (Limits, _warning, _warned, Cancel) = (limits, warning, warned, cancel);

    /// <summary>Default limits, no warnings, no end.</summary>
    public static VideoReading Default { get; } = new();

    public VideoLimits Limits { get; }

    public CancellationToken Cancel { get; }

    /// <summary>The same for another reader, who is not warned again about the files that this one was warned about.</summary>
    /// <param name="limits">Null for these limits.</param>
    /// <param name="warning">Whom to warn.</param>
    public VideoReading For(VideoLimits? limits, Action<string> warning) => new(limits?.Copy() ?? Limits, warning, _warned, Cancel);

    /// <summary>Hands on the remarks of a file, the first time that it is opened.</summary>
    public void Warn(VideoFile video)
    {
        if (_warning is null || video.Remarks.Count == 0)
        {
            return;
        }

        if (_warned.Count >= MostRemembered)
        {
            _warned.Clear();
        }

        if (_warned.TryAdd(video.Path, true))
        {
            _warning($"File '{video.Path}': {string.Join("; ", video.Remarks)}.");
        }
    }
}
