using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Finetuning's crop: a window of random area and shape, resized to the input (Szegedy et al. 2015).</summary>
internal sealed class RandomResizedCrop(int size) : IClipStep
{
    private const int Tries = 10;

    /// <summary>Smallest part of the frame's area.</summary>
    public double MinArea { get; init; } = 0.08;

    /// <summary>Largest part of the frame's area.</summary>
    public double MaxArea { get; init; } = 1;

    /// <summary>Smallest width over height.</summary>
    public double MinAspect { get; init; } = 0.75;

    /// <summary>Largest width over height.</summary>
    public double MaxAspect { get; init; } = 1.3333;

    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random) =>
        FrameResampling.CropResize(clip, Window(clip.Width, clip.Height, random), size, size);

    private CropWindow Window(int frameWidth, int frameHeight, Random random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = frameWidth * frameHeight * random.Uniform(MinArea, MaxArea);
            var aspect = Math.Exp(random.Uniform(Math.Log(MinAspect), Math.Log(MaxAspect)));
            var width = (int)Math.Round(Math.Sqrt(area * aspect));
            var height = (int)Math.Round(Math.Sqrt(area / aspect));
            if (width > 0 && width <= frameWidth && height > 0 && height <= frameHeight)
            {
                return new(random.Next(frameWidth - width + 1), random.Next(frameHeight - height + 1), width, height);
            }
        }

        // The largest window of an allowed shape, in the middle.
        var frameAspect = (double)frameWidth / frameHeight;
        var fullWidth = frameAspect > MaxAspect ? (int)Math.Round(frameHeight * MaxAspect) : frameWidth;
        var fullHeight = frameAspect < MinAspect ? (int)Math.Round(frameWidth / MinAspect) : frameHeight;
        return new((frameWidth - fullWidth) / 2, (frameHeight - fullHeight) / 2, fullWidth, fullHeight);
    }
}
