namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>A box as the release counts it: whole pixels, X2 and Y2 are the last pixel found, widths are differences.</summary>
internal readonly record struct ReleaseBox(int X1, int Y1, int X2, int Y2)
{
    public int Width => X2 - X1;

    public int Height => Y2 - Y1;

    public int Area => Width * Height;

    public static ReleaseBox CentralHalf(int width, int height) => new(width / 4, height / 4, 3 * width / 4, 3 * height / 4);

    public MotionBox ToMotionBox() => new(X1, Y1, X2, Y2);
}
