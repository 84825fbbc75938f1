using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Pretraining's crop: a window whose sides are {1, .875, .75, .66} of the short side, at one of 13 places, resized to the input.</summary>
internal sealed class MultiScaleCrop(int size) : IClipStep
{
    // The two sides may differ by one scale at most.
    private const int MostDistortion = 1;

    // A side this near to the input size becomes the input size, which saves resizing.
    private const int Near = 3;

    private static readonly double[] Scales = [1, 0.875, 0.75, 0.66];

    // The places in quarters of the free room: corners, middle, edge middles, and the middles of the four quadrants.
    private static readonly (int X, int Y)[] Places =
        [(0, 0), (4, 0), (0, 4), (4, 4), (2, 2), (0, 2), (4, 2), (2, 4), (2, 0), (1, 1), (3, 1), (1, 3), (3, 3)];

    /// <inheritdoc/>
    public Clip Apply(Clip clip, Random random)
    {
        var sizes = Sizes(clip.Width, clip.Height, size);
        var (width, height) = sizes[random.Next(sizes.Count)];
        var offsets = Offsets(clip.Width, clip.Height, width, height);
        var (x, y) = offsets[random.Next(offsets.Count)];
        return FrameResampling.CropResize(clip, new(x, y, width, height), size, size);
    }

    /// <summary>The windows' sizes for frames of this size, each equally likely.</summary>
    public static IReadOnlyList<(int Width, int Height)> Sizes(int frameWidth, int frameHeight, int size)
    {
        var sides = Array.ConvertAll(Scales, scale =>
        {
            var side = (int)(Math.Min(frameWidth, frameHeight) * scale);
            return Math.Abs(side - size) < Near ? Math.Min(size, Math.Min(frameWidth, frameHeight)) : Math.Max(1, side);
        });
        var sizes = new List<(int, int)>();
        for (var i = 0; i < sides.Length; i++)
        {
            for (var j = Math.Max(0, i - MostDistortion); j <= Math.Min(sides.Length - 1, i + MostDistortion); j++)
            {
                sizes.Add((sides[j], sides[i]));
            }
        }

        return sizes;
    }

    /// <summary>The windows' places, each equally likely.</summary>
    public static IReadOnlyList<(int X, int Y)> Offsets(int frameWidth, int frameHeight, int width, int height)
    {
        // The quarter is truncated first and multiplied then, as in the original.
        var (stepX, stepY) = ((frameWidth - width) / 4, (frameHeight - height) / 4);
        return Array.ConvertAll(Places, place => (place.X * stepX, place.Y * stepY));
    }
}
