using OpenCvSharp;

namespace ActionRecognition.Pictures;

/// <summary>
/// A picture under construction. Text is drawn with OpenCV's built-in stroke font, because a minimal machine has no font files.
/// </summary>
internal sealed class Canvas : IDisposable
{
    public static readonly Scalar Ink = Grey(40);
    public static readonly Scalar Faint = Grey(205);

    private readonly Mat _picture;

    public Canvas(int width, int height) => _picture = new Mat(height, width, MatType.CV_8UC3, Scalar.All(255));

    public int Width => _picture.Width;

    public int Height => _picture.Height;

    public static Scalar Grey(int level) => Scalar.All(level);

    public static Scalar Rgb(int red, int green, int blue) => new(blue, green, red);

    /// <summary>Width in pixels that a text will take.</summary>
    public static int WidthOf(string text, double size = 0.45) =>
        Cv2.GetTextSize(text, HersheyFonts.HersheySimplex, size, 1, out _).Width;

    /// <summary>Writes from (<paramref name="x"/>, baseline <paramref name="y"/>); <paramref name="anchor"/> 0 starts, 0.5 centres, 1 ends there.</summary>
    public void Text(string text, double x, double y, double size = 0.45, double anchor = 0, Scalar? colour = null) => Cv2.PutText(
        _picture, text, new Point(x - (anchor * WidthOf(text, size)), y), HersheyFonts.HersheySimplex, size, colour ?? Ink, 1, LineTypes.AntiAlias);

    public void Line(double x1, double y1, double x2, double y2, Scalar colour, int thickness = 1) =>
        Cv2.Line(_picture, new Point(x1, y1), new Point(x2, y2), colour, thickness, LineTypes.AntiAlias);

    public void Polyline(IEnumerable<Point> points, Scalar colour, int thickness) =>
        Cv2.Polylines(_picture, [points], isClosed: false, colour, thickness, LineTypes.AntiAlias);

    public void Fill(Rect area, Scalar colour) => Cv2.Rectangle(_picture, area, colour, Cv2.FILLED);

    public void Frame(Rect area, Scalar colour, int thickness = 1) => Cv2.Rectangle(_picture, area, colour, thickness);

    /// <summary>Puts a BGR picture into an area, enlarged or made smaller to fit.</summary>
    public void Paste(Mat picture, Rect area)
    {
        using var target = new Mat(_picture, area);
        Cv2.Resize(picture, target, area.Size, 0, 0, area.Width < picture.Width ? InterpolationFlags.Area : InterpolationFlags.Cubic);
    }

    /// <summary>Writes the picture as PNG (or what the file's extension says), making its folder where needed.</summary>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!Cv2.ImWrite(path, _picture, new ImageEncodingParam(ImwriteFlags.PngCompression, 9)))
        {
            throw new IOException($"The picture {path} could not be written.");
        }
    }

    public void Dispose() => _picture.Dispose();
}
