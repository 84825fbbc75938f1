namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>The part of a frame that shows a picture, without black bars; half-open, in pixels of the frame or of the map.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">Behind the last column.</param>
/// <param name="Bottom">Behind the last row.</param>
internal readonly record struct PictureArea(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public static PictureArea Whole(int width, int height) => new(0, 0, width, height);

    /// <summary>The smallest area that holds both.</summary>
    public PictureArea With(PictureArea other) =>
        new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>The whole pixels of a map that lie in it.</summary>
    /// <param name="reduction">Pixels of the frame in one of the map, in both directions.</param>
    /// <param name="width">Of the map.</param>
    /// <param name="height">Of the map.</param>
    public PictureArea Reduced(int reduction, int width, int height)
    {
        var (right, bottom) = (Right / reduction, Bottom / reduction);

        // The last pixel of a map may stand for half a block of the frame.
        return new((Left + reduction - 1) / reduction, (Top + reduction - 1) / reduction, right == width - 1 && Right % reduction != 0 ? width : right, bottom == height - 1 && Bottom % reduction != 0 ? height : bottom);
    }
}
