using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Which parts of a video are scored: clips spread over time, square crops along the long side.</summary>
/// <param name="Frames">Frames of a clip.</param>
/// <param name="ImageSize">Side of the square frames, in pixels.</param>
/// <param name="Sampling">How clips are cut.</param>
/// <param name="Stride">Frames between two sampled ones where clips are cut densely.</param>
/// <param name="Segments">Clips over time.</param>
/// <param name="Crops">Crops per clip.</param>
internal sealed record ScoringViews(int Frames, int ImageSize, ClipSampling Sampling, int Stride, int Segments, int Crops) : IViewSource
{
    private static readonly ClipReader Reader = new();

    /// <summary>How pixels are normalised.</summary>
    public PixelNormalization Normalization { get; init; } = PixelNormalization.ImageNet;

    /// <summary>Side of a crop over the short side of the frames, in (0, 1]: 0.875 for a crop of 224 pixels out of frames resized to 256.</summary>
    public double CropShare { get; init; } = 1;

    /// <summary>Whether frames are resized to a square whatever their shape, before the crop; only with one crop.</summary>
    public bool Stretch { get; init; }

    /// <inheritdoc/>
    public int Count => Segments * Crops;

    /// <summary>Checks views that come from a file.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(ScoringViews));
        problems.InRange(Frames, 1, 4096);
        problems.InRange(ImageSize, 1, 8192);
        problems.Defined(Sampling);
        problems.InRange(Stride, 1, 64);
        problems.InRange(Segments, 1, 64);
        problems.InRange(Crops, 1, 16);
        problems.ThrowIfAny();
    }

    /// <inheritdoc/>
    public ViewClip[] Load(ClipSource source) => Array.ConvertAll(LoadCrops(source), crop =>
    {
        using (crop)
        {
            return new ViewClip(new PixelBuffer(crop, Normalization), crop.Boxes);
        }
    });

    /// <summary>The pictures of all views in the order of <see cref="Load"/>; the caller disposes them.</summary>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] LoadCrops(ClipSource source)
    {
        var clips = Reader.ReadViews(source, FrameIndices);
        try
        {
            return [.. clips.SelectMany(CropsOf)];
        }
        finally
        {
            Array.ForEach(clips, clip => clip.Dispose());
        }
    }

    /// <summary>The frames of every segment of a video of so many frames.</summary>
    public int[][] FrameIndices(int frames) => Sampling == ClipSampling.Uniform
        ? FrameSampling.UniformViews(frames, Frames, Segments)
        : FrameSampling.DenseViews(frames, Frames, Stride, Segments);

    private IEnumerable<Clip> CropsOf(Clip clip)
    {
        // Cropping before resizing gives the same picture as the original's resize-then-crop and touches fewer pixels.
        foreach (var window in Windows(clip.Width, clip.Height))
        {
            yield return FrameResampling.CropResizeCopy(clip, window, ImageSize, ImageSize);
        }
    }

    private CropWindow[] Windows(int width, int height)
    {
        if (!Stretch)
        {
            return SpatialViews.TestCrops(width, height, Crops, CropShare);
        }

        var (across, down) = (Math.Max(1, (int)Math.Round(width * CropShare)), Math.Max(1, (int)Math.Round(height * CropShare)));
        return [new CropWindow((width - across) / 2, (height - down) / 2, across, down)];
    }
}
