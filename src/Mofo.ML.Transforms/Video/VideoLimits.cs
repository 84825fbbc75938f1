namespace Mofo.ML.Transforms;

/// <summary>How large a video may be, and how long reading it may take. What is beyond is refused with a <see cref="VideoException"/> that names the limit.</summary>
/// <remarks>
/// The defaults let every usual data set pass and keep a single file from filling the memory or holding a thread forever. A service that takes files
/// from strangers should set them lower. Limits belong to the machine, not to the model: saved pipelines do not keep them.
/// </remarks>
public sealed class VideoLimits
{
    /// <summary>A frame lies in one array, three bytes per pixel.</summary>
    private static readonly long PixelsOfArray = Array.MaxLength / 3;

    /// <summary>Most pixels of one picture, width times height.</summary>
    /// <value>Default 67,108,864 (8192 x 8192, above 8K); in [1, 715,827,863], the pixels that one array holds. One picture takes about 9 bytes per pixel while it is decoded.</value>
    public long MaxPixels { get; set; } = 8192L * 8192;

    /// <summary>Most frames of one video.</summary>
    /// <value>Default 10,000,000 (four days at 30 frames a second); in [1, 2,147,483,647].</value>
    public int MaxFrames { get; set; } = 10_000_000;

    /// <summary>Largest file, in bytes; for a folder of pictures, the largest picture file.</summary>
    /// <value>Default 274,877,906,944 (256 GiB); in [1, 9,223,372,036,854,775,807].</value>
    public long MaxBytes { get; set; } = 256L << 30;

    /// <summary>Longest time, in seconds, that opening a video may take, and that reading one frame may take.</summary>
    /// <value>Default 60; in [0.1, 86400]. A limit for the whole of the work is the caller's: the cancellation token.</value>
    public double MaxWaitSeconds { get; set; } = 60;

    internal TimeSpan MaxWait => TimeSpan.FromSeconds(MaxWaitSeconds);

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(VideoLimits));
        Validate(problems, prefix: "");
        problems.ThrowIfAny();
    }

    /// <summary>Adds what is wrong with the limits inside other options.</summary>
    internal static void Validate(OptionProblems problems, VideoLimits? limits)
    {
        problems.Require(limits is not null, $"{nameof(VideoLimits)} is null; it must hold the limits for videos.");
        limits?.Validate(problems, prefix: $"{nameof(VideoLimits)}.");
    }

    private void Validate(OptionProblems problems, string prefix)
    {
        problems.InRange(MaxPixels, 1, PixelsOfArray, prefix + nameof(MaxPixels));
        problems.InRange(MaxFrames, 1, int.MaxValue, prefix + nameof(MaxFrames));
        problems.InRange(MaxBytes, 1, long.MaxValue, prefix + nameof(MaxBytes));
        problems.InRange(MaxWaitSeconds, 0.1, 86_400, prefix + nameof(MaxWaitSeconds));
    }

    /// <summary>Whether every video that the others let pass is within these too; the time it takes apart.</summary>
    internal bool Cover(VideoLimits others) => MaxPixels >= others.MaxPixels && MaxFrames >= others.MaxFrames && MaxBytes >= others.MaxBytes;

    internal VideoLimits Copy() => (VideoLimits)MemberwiseClone();
}
