namespace Mofo.ML.Transforms.Clips;

/// <summary>A part of a frame in whole pixels: origin and size.</summary>
internal readonly record struct CropWindow(int X, int Y, int Width, int Height);

/// <summary>Sizes and places of resized and cropped frames: arithmetic only.</summary>
internal static class SpatialViews
{
    /// <summary>The size of a frame once its short side is `size`; the long side is truncated to whole pixels.</summary>
    public static (int Width, int Height) ShortSide(int width, int height, int size) =>
        width <= height
            ? (size, Math.Max(size, (int)(size * (double)height / width)))
            : (Math.Max(size, (int)(size * (double)width / height)), size);

    /// <summary>Square crops spread along the long side, from one end to the other; a single crop is the middle one.</summary>
    /// <remarks>The original divides by zero for a single crop.</remarks>
    /// <param name="width">Width of the frames.</param>
    /// <param name="height">Height of the frames.</param>
    /// <param name="crops">How many.</param>
    /// <param name="share">Side of a crop over the short side of the frames, in (0, 1].</param>
    public static CropWindow[] TestCrops(int width, int height, int crops, double share = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(crops);
        var shortSide = Math.Min(width, height);
        var size = Math.Clamp((int)Math.Round(shortSide * share), 1, shortSide);
        if (crops == 1)
        {
            return [CenterCrop(width, height, size)];
        }

        var step = (Math.Max(width, height) - size) / (double)(crops - 1);
        var across = (int)Math.Round((shortSide - size) / 2.0);
        var result = new CropWindow[crops];
        for (var crop = 0; crop < crops; crop++)
        {
            var start = (int)(crop * step);
            result[crop] = width > height ? new(start, across, size, size) : new(across, start, size, size);
        }

        return result;
    }

    /// <summary>The middle square; offsets round half to even, as the original's do.</summary>
    public static CropWindow CenterCrop(int width, int height, int size) =>
        new((int)Math.Round((width - size) / 2.0), (int)Math.Round((height - size) / 2.0), size, size);
}
