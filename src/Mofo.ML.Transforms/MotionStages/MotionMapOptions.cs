namespace Mofo.ML.Transforms;

/// <summary>Settings of the stage that gives motion maps as pictures.</summary>
public sealed class MotionMapOptions
{
    /// <summary>How the map is made: flow, size, window, camera compensation; and what happens to bad videos.</summary>
    /// <value>Default: the detector's defaults. The cache folder is not used, since it holds boxes.</value>
    public MotionDetectionOptions Detection { get; set; } = new();

    /// <summary>The frame whose map is given; null for the mean over all frames.</summary>
    /// <value>Default null; otherwise 0 or more. Past the end of a video its last frame is taken.</value>
    public int? Frame { get; set; }

    /// <summary>The motion that is shown white, in (pixels per frame) per pixel; see <see cref="BoxTrack.MotionStrength"/>.</summary>
    /// <value>Default 0: the brightest place of each picture is white. Otherwise in (0, 20]; then pictures of different videos can be compared.</value>
    public double FullScale { get; set; }

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(MotionMapOptions));
        problems.Require(Detection is not null, $"{nameof(Detection)} is null; it must hold the settings of the detector.");
        problems.Require(Frame is null or >= 0, Invariant($"{nameof(Frame)} is {Frame}; it must be null or at least 0."));
        problems.InRange(FullScale, 0, 20);
        problems.ThrowIfAny();
        Detection!.Validate();
    }

    /// <summary>A copy that later changes of this object do not touch.</summary>
    internal MotionMapOptions Copy() => new() { Detection = Detection?.Copy()!, Frame = Frame, FullScale = FullScale };
}
