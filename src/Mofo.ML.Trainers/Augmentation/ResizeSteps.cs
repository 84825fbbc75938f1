using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Short side to the given size, keeping the shape.</summary>
internal sealed class ShortSideResize(int size) : IClipStep
{
    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random)
    {
        var (width, height) = SpatialViews.ShortSide(clip.Width, clip.Height, size);
        return FrameResampling.CropResize(clip, new(0, 0, clip.Width, clip.Height), width, height);
    }
}

/// <summary>The test-time crops of a clip: short side to the input size, then squares along the long side.</summary>
internal static class TestCrops
{
    /// <summary>One clip per crop. Disposes the given clip.</summary>
    public static Clip[] Cut(Clip clip, int size, int crops)
    {
        var (width, height) = SpatialViews.ShortSide(clip.Width, clip.Height, size);
        using var resized = FrameResampling.CropResize(clip, new(0, 0, clip.Width, clip.Height), width, height);
        return Array.ConvertAll(SpatialViews.TestCrops(width, height, crops), window => FrameResampling.CropResizeCopy(resized, window, size, size));
    }
}
