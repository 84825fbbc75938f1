using System.Globalization;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

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
    /// <summary>How pixels are normalised.</summary>
    public PixelNormalization Normalization { get; init; } = PixelNormalization.ImageNet;

    /// <summary>Side of a crop over the short side of the frames, in (0, 1]: 0.875 for a crop of 224 pixels out of frames resized to 256.</summary>
    public double CropShare { get; init; } = 1;

    /// <summary>Whether frames are resized to a square whatever their shape, before the crop; only with one crop.</summary>
    public bool Stretch { get; init; }

    /// <summary>What is made of each view's pixels: floats for a CPU, unless it is set.</summary>
    internal PixelMaker MakePixels { get; init; } = PixelBuffer.Of;

    /// <inheritdoc/>
    public int Count => Segments * Crops;

    /// <summary>Most clips of this size whose values fit into one array, [V,3,T,S,S]; 0 where a single one is too large.</summary>
    public int MostClips => (int)(Array.MaxLength / (3L * Frames * ImageSize * ImageSize));

    /// <summary>Checks views that come from a file.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(ScoringViews));
        problems.InRange(Frames, 1, 4096);
        problems.InRange(ImageSize, 1, 8192);
        problems.Require(Frames < 1 || ImageSize < 1 || MostClips >= 1, Invariant($"{nameof(Frames)} is {Frames} and {nameof(ImageSize)} is {ImageSize}; a clip of that size has more values than an array can hold."));
        problems.Defined(Sampling);
        problems.InRange(Stride, 1, 64);
        problems.InRange(Segments, 1, 64);
        problems.InRange(Crops, 1, 16);
        problems.Require(CropShare is > 0 and <= 1, $"{nameof(CropShare)} is {CropShare.ToString(CultureInfo.InvariantCulture)}; it must be above 0 and at most 1.");
        problems.Require(!Stretch || Crops == 1, $"{nameof(Stretch)} is true; {nameof(Crops)} must then be 1.");
        problems.Require(Normalization?.IsUsable ?? false, $"{nameof(Normalization)} must have three means, three deviations above 0 and a scale above 0.");
        problems.ThrowIfAny();
    }

    /// <inheritdoc/>
    /// <remarks>Every frame is cropped and reduced as soon as it is decoded, so that a video of any size takes the memory of its views.</remarks>
    public ViewClip[] Load(ClipSource source, VideoReading? reading = null, PassingViews? passing = null, CancellationToken cancel = default) => Array.ConvertAll(LoadCrops(source, reading, passing, cancel), crop =>
    {
        using (crop)
        {
            return new ViewClip(MakePixels(crop, Normalization), crop.Boxes);
        }
    });

    /// <summary>The pictures of all views in the order of <see cref="Load"/>; the caller disposes them.</summary>
    /// <param name="source">Video and boxes.</param>
    /// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
    /// <param name="passing">Where the views may have been taken already; null for nowhere.</param>
    /// <param name="cancel">A second token.</param>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] LoadCrops(ClipSource source, VideoReading? reading = null, PassingViews? passing = null, CancellationToken cancel = default) => source.NamingRow(() =>
    {
        var frames = passing?.Take(source) ?? ReadCrops(source, reading, cancel);
        var windows = Windows(frames.SourceSize.Width, frames.SourceSize.Height);
        return frames.Views.SelectMany(view => windows.Select((window, crop) => MakeCrop(frames, view, window, crop))).ToArray();
    });

    /// <summary>The crops of all frames of the views, read from the file.</summary>
    /// <exception cref="VideoException">The file cannot be read.</exception>
    public SampledFrames<Frame[]> ReadCrops(ClipSource source, VideoReading? reading = null, CancellationToken cancel = default) =>
        SampledFrames<Frame[]>.Read(source, FrameIndices, CropsOf, keepsFrame: (_, _) => false, reading, cancel);

    /// <summary>The frames of every segment of a video with this number of frames.</summary>
    public int[][] FrameIndices(int frames) => Sampling == ClipSampling.Uniform
        ? FrameSampling.UniformViews(frames, Frames, Segments)
        : FrameSampling.DenseViews(frames, Frames, Stride, Segments);

    /// <inheritdoc/>
    public PassingViews? Passing(VideoLimits limits) => new(this, limits);

    /// <summary>The crops of one frame, in memory of their own.</summary>
    /// <remarks>Cropping before resizing gives the same picture as the original's resize-then-crop and touches fewer pixels.</remarks>
    public Frame[] CropsOf(Frame frame) =>
        Array.ConvertAll(Windows(frame.Width, frame.Height), window => FrameResampling.CropResize(frame, window, ImageSize, ImageSize));

    /// <summary>One view as pictures.</summary>
    /// <param name="frames">The frames of the video, as <see cref="CropsOf"/> left them.</param>
    /// <param name="view">Frame indices of the view.</param>
    /// <param name="window">Place of the crop in the source's frames; boxes follow.</param>
    /// <param name="crop">Number of the crop.</param>
    public Clip MakeCrop(SampledFrames<Frame[]> frames, int[] view, CropWindow window, int crop)
    {
        var clip = new Clip(view.Length, ImageSize, ImageSize);
        for (var i = 0; i < view.Length; i++)
        {
            frames.At(view[i])[crop].Pixels.CopyTo(clip.Frame(i));
            clip.Boxes[i] = FrameResampling.CropResize(frames.Boxes[view[i]], window, ImageSize, ImageSize);
        }

        return clip;
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
