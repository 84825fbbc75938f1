namespace Mofo.ML.Transforms.Video;

/// <summary>What everybody who opens videos has to say about it: the limits, whom to warn, when to stop.</summary>
/// <param name="limits">Null for the defaults; copied.</param>
/// <param name="warning">Called once per file for what is read in another way than intended, e.g. interlaced pictures.</param>
/// <param name="cancel">Ends opening and reading.</param>
internal sealed class VideoReading(VideoLimits? limits = null, Action<string>? warning = null, CancellationToken cancel = default)
{
    private readonly SaidOnce _warned = new();

    /// <summary>Default limits, no warnings, no end.</summary>
    public static VideoReading Default { get; } = new();

    public VideoLimits Limits { get; } = (limits ?? new VideoLimits()).Copy();

    public CancellationToken Cancel => cancel;

    /// <summary>Hands on the remarks of a file, the first time that it is opened.</summary>
    public void Warn(VideoFile video)
    {
        if (warning is null || video.Remarks.Count == 0)
        {
            return;
        }

        if (_warned.IsNew(video.Path))
        {
            warning($"File '{video.Path}': {string.Join("; ", video.Remarks)}.");
        }
    }
}
