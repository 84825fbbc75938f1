using System.Text.Json.Serialization;
using Mofo.ML.Research;

namespace Mofo.ML.Transforms;

/// <summary>Settings of the motion detector.</summary>
/// <remarks>
/// The defaults follow the text of the paper. <see cref="ReleaseCompatible"/> reproduces the released code instead, including its mistakes;
/// docs/quirks.md lists them. A detector copies its options, so that changing them later changes nothing.
/// </remarks>
public sealed class MotionDetectionOptions
{
    /// <summary>Settings with which the release made its boxes of Something-Something v2: TV-L1, quantised flow, full size, release-compatible rules.</summary>
    /// <value>A new object with every read.</value>
    public static MotionDetectionOptions SomethingSomething => Release(BoxRules.SomethingSomething);

    /// <summary>Settings with which the release made its boxes of EPIC-KITCHENS-100; see <see cref="SomethingSomething"/>.</summary>
    /// <value>A new object with every read.</value>
    public static MotionDetectionOptions EpicKitchens => Release(BoxRules.EpicKitchens);

    /// <summary>A tight box for every frame over a short window, so that the path of the box says which way a thing went.</summary>
    /// <value>A new object with every read.</value>
    /// <remarks>
    /// For small networks trained on few clips (docs/recipes.md): the union over a clip, the paper's and the default, leaves the path to be found in the pixels. Window, sigma and cuts are ours.
    /// </remarks>
    public static MotionDetectionOptions BoxPaths => new() { BoxMode = BoxMode.PerFrame, Window = 4, FineSigma = 1, PeakCut = 0.4, AreaCut = 0.5 };

    /// <summary>The optical flow.</summary>
    /// <value>Default <see cref="OpticalFlowAlgorithm.Dis"/>, chosen by measurement (benchmarks/RESULTS.md); the paper's is <see cref="OpticalFlowAlgorithm.TvL1"/>.</value>
    public OpticalFlowAlgorithm Flow { get; set; } = OpticalFlowAlgorithm.Dis;

    /// <summary>Settings of the TV-L1 flow; no influence on the other flows.</summary>
    /// <value>Default: those of OpenCV, with which the paper's boxes were made.</value>
    public TvL1Parameters TvL1 { get; set; } = new();

    /// <summary>Frames whose short side is longer are reduced to this many pixels before the flow; boxes are scaled back.</summary>
    /// <value>Default 240, the size the paper's text names. 0 keeps every frame as it is. Otherwise in [48, 4320].</value>
    public int FlowShortSide { get; set; } = 240;

    /// <summary>Whether the flow is bounded to ±20 pixels and rounded to 8 bits, as denseflow stores it.</summary>
    /// <value>Default false: the float flow is used. The rounding step is 0.16 pixels.</value>
    public bool Quantize { get; set; }

    /// <summary>Whether the union or each frame's own box is the result.</summary>
    /// <value>Default <see cref="Mofo.ML.Transforms.BoxMode.Union"/>, as in the paper.</value>
    public BoxMode BoxMode { get; set; } = BoxMode.Union;

    /// <summary>Which data set's clean-up rules apply.</summary>
    /// <value>Default <see cref="BoxRules.SomethingSomething"/>.</value>
    public BoxRules Rules { get; set; } = BoxRules.SomethingSomething;

    /// <summary>Whether boxes are made exactly as the released code makes them from the same flow, including its mistakes.</summary>
    /// <value>Default false. When true, <see cref="CompensateCamera"/>, the sigmas, the cuts and <see cref="MinimumMotion"/> have no influence.</value>
    public bool ReleaseCompatible { get; set; }

    /// <summary>Flow fields summed around each frame.</summary>
    /// <value>Default 8, as in the paper; in [1, 64]. Each frame's own box is drawn around what moves in its own flow as well, so that a wide window does not smear it.</value>
    public int Window { get; set; } = 8;

    /// <summary>Whether the camera's own motion (shift, zoom, rotation, shear) is estimated and taken off the flow before the derivative.</summary>
    /// <value>Default true. The derivative alone cancels shifts only: zoom and rotation leave a constant that hides slow objects.</value>
    public bool CompensateCamera { get; set; } = true;

    /// <summary>Standard deviation of the first blur of the motion map, in pixels of a frame with short side 240.</summary>
    /// <value>Default 2; in [0, 20]. 0 switches the blur off. The paper's is 1; 2 keeps noise from deciding the box.</value>
    public double FineSigma { get; set; } = 2;

    /// <summary>What is below this share of the map's maximum is dropped.</summary>
    /// <value>Default 0.3; in [0, 1]. The paper's is 0.4, which loses the slower of several things (docs/quirks.md has the figures).</value>
    public double PeakCut { get; set; } = 0.3;

    /// <summary>What is below this many standard deviations of the map is dropped.</summary>
    /// <value>Default 1.5; in [0, 20].</value>
    public double DeviationCut { get; set; } = 1.5;

    /// <summary>Standard deviation of the second blur, which joins the parts of one mover, in pixels of a frame with short side 240.</summary>
    /// <value>Default 30, as in the paper; in [0, 120].</value>
    public double WideSigma { get; set; } = 30;

    /// <summary>After the second blur, what is above this share of the maximum is the moving area.</summary>
    /// <value>Default 0.1; in [0.01, 0.99]. The release has no such cut: its 8-bit blur leaves few grey levels, and what truncates to 0 is outside.</value>
    public double AreaCut { get; set; } = 0.1;

    /// <summary>A frame whose strongest change of the flow from pixel to pixel is below this has no motion of its own.</summary>
    /// <value>Default 0.04 (pixels per frame) per pixel; in [0, 20]. See <see cref="BoxTrack.MotionStrength"/>.</value>
    public double MinimumMotion { get; set; } = 0.04;

    /// <summary>Flows of one video that are computed at the same time.</summary>
    /// <value>Default 0: one per processor, at most 8; in [0, 256]. It has no influence on the boxes.</value>
    public int FlowThreads { get; set; }

    /// <summary>Name of a further column of the stage: whether anything moves in the video (Boolean).</summary>
    /// <value>Default null: no such column. False for a skipped video. See <see cref="BoxTrack.MotionFound"/>.</value>
    public string? MotionFoundColumnName { get; set; }

    /// <summary>Name of a further column of the stage: how strong the motion is (Single), in (pixels per frame) per pixel.</summary>
    /// <value>Default null: no such column. NaN for a skipped video. See <see cref="BoxTrack.MotionStrength"/>.</value>
    public string? MotionStrengthColumnName { get; set; }

    /// <summary>Folder for boxes already found, keyed by the content of the file and these options; null for none.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public string? CacheFolder { get; set; }

    /// <summary>What happens to a video that cannot be read.</summary>
    /// <value>Default <see cref="BadVideoHandling.Throw"/>.</value>
    /// <remarks>The pipeline stage follows it; <see cref="MotionDetector"/> itself always throws.</remarks>
    public BadVideoHandling OnBadVideo { get; set; } = BadVideoHandling.Throw;

    /// <summary>How large videos may be, and how long opening one or reading a frame may take.</summary>
    /// <value>Default: see <see cref="VideoLimits"/>.</value>
    [JsonIgnore]
    public VideoLimits VideoLimits { get; set; } = new();

    /// <summary>Receives the progress of every video, on the thread that works on it.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public IProgress<MotionDetectionProgress>? Progress { get; set; }

    /// <summary>Receives warnings, e.g. of a damaged cache entry that is computed again, or of a video whose frames are interlaced.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public Action<string>? Warning { get; set; }

    /// <summary>Stops the work, at the latest after the current frame.</summary>
    /// <value>Default <see cref="CancellationToken.None"/>.</value>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(MotionDetectionOptions));
        problems.Defined(Flow);
        problems.Require(TvL1 is not null, $"{nameof(TvL1)} is null; it must hold the settings of the TV-L1 flow.");
        TvL1?.Validate(problems);
        problems.Defined(BoxMode);
        problems.Defined(Rules);
        problems.Defined(OnBadVideo);
        problems.Require(FlowShortSide is 0 or (>= 48 and <= 4320), Invariant($"{nameof(FlowShortSide)} is {FlowShortSide}; it must be 0 or in [48, 4320]."));
        problems.InRange(Window, 1, 64);
        problems.InRange(FineSigma, 0, 20);
        problems.InRange(PeakCut, 0, 1);
        problems.InRange(DeviationCut, 0, 20);
        problems.InRange(WideSigma, 0, 120);
        problems.InRange(AreaCut, 0.01, 0.99);
        problems.InRange(MinimumMotion, 0, 20);
        problems.InRange(FlowThreads, 0, 256);
        VideoLimits.Validate(problems, VideoLimits);
        problems.NullOrNotBlank(CacheFolder, "null or the path of a folder");
        problems.NullOrNotBlank(MotionFoundColumnName, "null or the name of a column");
        problems.NullOrNotBlank(MotionStrengthColumnName, "null or the name of a column");
        problems.Require(
            MotionFoundColumnName is null || MotionFoundColumnName != MotionStrengthColumnName,
            $"{nameof(MotionFoundColumnName)} and {nameof(MotionStrengthColumnName)} are both '{MotionFoundColumnName}'; they must differ.");
        problems.ThrowIfAny();
    }

    /// <summary>Checks the names of the further columns against the columns of the stage.</summary>
    /// <param name="pairs">Pairs of columns of the stage.</param>
    /// <param name="boxColumn">The box column of the first.</param>
    /// <exception cref="MofoOptionsException">A name cannot be used.</exception>
    internal void ValidateColumns(int pairs, string boxColumn)
    {
        var problems = new OptionProblems(nameof(MotionDetectionOptions));
        foreach (var (option, name) in new[] { (nameof(MotionFoundColumnName), MotionFoundColumnName), (nameof(MotionStrengthColumnName), MotionStrengthColumnName) })
        {
            problems.Require(name is null || pairs == 1, Invariant($"{option} is '{name}', and there are {pairs} pairs of columns; it must be null, or there must be one pair."));
            problems.Require(name is null || name != boxColumn, $"{option} is '{name}', the name of the box column; they must differ.");
        }

        problems.ThrowIfAny();
    }

    /// <summary>What belongs to a run of the stage.</summary>
    [JsonIgnore]
    internal MofoRunOptions Run => new()
    {
        CacheFolder = CacheFolder,
        CancellationToken = CancellationToken,
        Warning = Warning,
        DetectionProgress = Progress,
        VideoLimits = VideoLimits,
    };

    /// <summary>A copy that later changes of this object do not touch.</summary>
    internal MotionDetectionOptions Copy()
    {
        var copy = (MotionDetectionOptions)MemberwiseClone();
        copy.VideoLimits = VideoLimits?.Copy()!; // null is reported by Validate
        return copy;
    }

    /// <summary>A copy with other settings of a run.</summary>
    /// <param name="run">Folder, token, progress, limits.</param>
    /// <param name="warning">Called instead of the one in <paramref name="run"/>.</param>
    internal MotionDetectionOptions For(MofoRunOptions run, Action<string> warning)
    {
        var copy = Copy();
        (copy.CacheFolder, copy.CancellationToken, copy.Progress, copy.Warning) = (run.CacheFolder, run.CancellationToken, run.DetectionProgress, warning);
        copy.VideoLimits = run.VideoLimits;
        return copy;
    }

    private static MotionDetectionOptions Release(BoxRules rules) => new()
    {
        Flow = OpticalFlowAlgorithm.TvL1,
        FlowShortSide = 0,
        Quantize = true,
        Rules = rules,
        ReleaseCompatible = true,
        CompensateCamera = false,
    };
}
