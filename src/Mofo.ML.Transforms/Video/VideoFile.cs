namespace Mofo.ML.Transforms.Video;

/// <summary>What is known of a video after its first frame was decoded.</summary>
/// <param name="Path">The path as the caller gave it.</param>
/// <param name="Width">Pixels of a frame as it is shown, turned as the file asks.</param>
/// <param name="Height">Pixels of a frame as it is shown, turned as the file asks.</param>
internal sealed record VideoFile(string Path, int Width, int Height)
{
    /// <summary>Mean rate; 0 where nothing is declared (a folder of images).</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>What the container claims or its duration suggests; 0 where it claims nothing. See <see cref="CountIsExact"/>.</summary>
    public int DeclaredFrameCount { get; init; }

    /// <summary>Whether <see cref="DeclaredFrameCount"/> is what decodes: a folder of images, or an mp4 file whose tables and edit list say so. Otherwise only counting shows it.</summary>
    public bool CountIsExact { get; init; }

    /// <summary>How the file asks the coded pictures to be turned and mirrored; the frames come so.</summary>
    public PictureOrientation Orientation { get; init; }

    /// <summary>What is read otherwise than it is meant, in half sentences for people; see <see cref="VideoRemarks"/>.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
