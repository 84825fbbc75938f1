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
internal sealed record ScoringViews(int Frames, int ImageSize, ClipSampling Sampling, int Stride, int Segments, int Crops)
{
    /// <summary>Views per video.</summary>
    public int Count => Segments * Crops;

    /// <summary>All views of a video, every crop of the first segment, then of the second, and so on.</summary>
    /// <remarks>Every frame is cropped and reduced as soon as it is decoded, so that a video of any size takes the memory of its views.</remarks>
    /// <param name="source">Video and boxes.</param>
    /// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
    /// <param name="cancel">A second token.</param>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public ViewClip[] Load(ClipSource source, VideoReading? reading = null, CancellationToken cancel = default) => source.NamingRow(() =>
    {
        var frames = SampledFrames<Frame[]>.Read(source, FrameIndices, CropsOf, reading, cancel);
        var windows = SpatialViews.TestCrops(frames.SourceSize.Width, frames.SourceSize.Height, Crops);
        return frames.Views.SelectMany(view => windows.Select((window, crop) => MakeView(frames, view, window, crop))).ToArray();
    });

    private int[][] FrameIndices(int frames) => Sampling == ClipSampling.Uniform
        ? FrameSampling.UniformViews(frames, Frames, Segments)
        : FrameSampling.DenseViews(frames, Frames, Stride, Segments);

    // Cropping before resizing gives the same picture as the original's resize-then-crop and touches fewer pixels.
    private Frame[] CropsOf(Frame frame) =>
        Array.ConvertAll(SpatialViews.TestCrops(frame.Width, frame.Height, Crops), window => FrameResampling.CropResize(frame, window, ImageSize, ImageSize));

    private ViewClip MakeView(SampledFrames<Frame[]> frames, int[] view, CropWindow window, int crop)
    {
        using var clip = new Clip(view.Length, ImageSize, ImageSize);
        for (var i = 0; i < view.Length; i++)
        {
            frames.At(view[i])[crop].Pixels.CopyTo(clip.Frame(i));
            clip.Boxes[i] = FrameResampling.CropResize(frames.Boxes[view[i]], window, ImageSize, ImageSize);
        }

        return new ViewClip(new PixelBuffer(clip), clip.Boxes);
    }
}
