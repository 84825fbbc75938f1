using System.Text.Json.Serialization;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms;

/// <summary>Settings of every stage that cuts clips of videos for a network that is already trained.</summary>
public abstract class VideoStageOptions
{
    private protected VideoStageOptions()
    {
    }

    /// <summary>Threads that decode ahead of the network.</summary>
    /// <value>Default 0: half of the processors, at least one. In [0, 256].</value>
    public int DecodeThreads { get; set; }

    /// <summary>What happens to a video that cannot be read.</summary>
    /// <value>
    /// Default <see cref="BadVideoHandling.Throw"/>; with <see cref="BadVideoHandling.Skip"/> what is computed of it (features, scores, pixels of clips) is NaN and its class
    /// is missing.
    /// </value>
    public BadVideoHandling OnBadVideo { get; set; } = BadVideoHandling.Throw;

    /// <summary>Stops the work: no further video is begun, and what is in work ends unused.</summary>
    /// <value>Default <see cref="CancellationToken.None"/>.</value>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Receives a report for every finished video, in the order of the rows.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public IProgress<VideoProgress>? Progress { get; set; }

    /// <summary>Receives every warning of the log: videos that cannot be read.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public Action<string>? Warning { get; set; }

    /// <summary>How large videos may be, and how long opening one or reading a frame may take.</summary>
    /// <value>Default: see <see cref="Mofo.ML.Transforms.VideoLimits"/>.</value>
    [JsonIgnore]
    public VideoLimits VideoLimits { get; set; } = new();

    internal int DecodeThreadsInForce => ClipLoaderOptions.WorkersFor(DecodeThreads);

    internal MofoRunOptions Run => new() { CancellationToken = CancellationToken, Warning = Warning, Progress = Progress, VideoLimits = VideoLimits };

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(GetType().Name);
        problems.InRange(DecodeThreads, 0, 256);
        problems.Defined(OnBadVideo);
        VideoLimits.Validate(problems, VideoLimits);
        AddProblems(problems);
        problems.ThrowIfAny();
    }

    /// <summary>Checks what the class adds.</summary>
    private protected virtual void AddProblems(OptionProblems problems)
    {
        // A class that adds no setting has nothing to check.
    }

    /// <summary>A copy of the values that later changes of this object do not touch.</summary>
    private protected T CopyOf<T>()
        where T : VideoStageOptions
    {
        var copy = (T)MemberwiseClone();
        copy.VideoLimits = VideoLimits?.Copy()!; // null is reported by Validate
        return copy;
    }
}
