namespace Mofo.ML.Transforms;

/// <summary>What belongs to a run of a pipeline and not to the model: a saved pipeline does not hold it, so that it is given again after loading.</summary>
/// <remarks>See <see cref="Microsoft.ML.MofoRunCatalog.SetMofoRunOptions"/>. Stages that have no use for a setting ignore it.</remarks>
public sealed class MofoRunOptions
{
    /// <summary>Folder for motion boxes already found, as <see cref="MotionDetectionOptions.CacheFolder"/>.</summary>
    /// <value>Default null: none.</value>
    public string? CacheFolder { get; set; }

    /// <summary>Stops the work of all stages, in the middle of a video too.</summary>
    /// <value>Default <see cref="CancellationToken.None"/>.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Receives every warning of the log: videos that cannot be read, cache entries that are damaged. Called on several threads.</summary>
    /// <value>Default null.</value>
    public Action<string>? Warning { get; set; }

    /// <summary>Receives a report for every video that a stage has finished, in the order of the rows of that stage.</summary>
    /// <value>Default null.</value>
    public IProgress<VideoProgress>? Progress { get; set; }

    /// <summary>Receives a report for the frames of every video whose motion is detected, on the thread that works on it.</summary>
    /// <value>Default null.</value>
    public IProgress<MotionDetectionProgress>? DetectionProgress { get; set; }

    /// <summary>How large videos may be, and how long opening one or reading a frame may take.</summary>
    /// <value>Default: see <see cref="Mofo.ML.Transforms.VideoLimits"/>.</value>
    public VideoLimits VideoLimits { get; set; } = new();

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(MofoRunOptions));
        problems.NullOrNotBlank(CacheFolder, "null or the path of a folder");
        VideoLimits.Validate(problems, VideoLimits);
        problems.ThrowIfAny();
    }

    /// <summary>A copy that later changes of this object do not touch.</summary>
    internal MofoRunOptions Copy()
    {
        var copy = (MofoRunOptions)MemberwiseClone();
        copy.VideoLimits = VideoLimits?.Copy()!; // null is reported by Validate
        return copy;
    }
}
