using OpenCvSharp;

namespace ActionRecognition.Rendering;

/// <summary>Where a thing is, how large and how turned, in the pixels of the scene.</summary>
internal readonly record struct Pose(double X, double Y, double Scale, double Degrees);

/// <summary>A textured thing of some shape and size, drawn at any pose with sub-pixel precision.</summary>
internal sealed class Thing : IDisposable
{
    /// <summary>The picture is kept finer than it is shown, so that it stays sharp when the thing comes near.</summary>
    private const double Fineness = 1.5;

    private readonly Point2d[] _outline;
    private readonly Mat _picture;

    public Thing(Random random, double radius)
    {
        Radius = radius;
        _outline = Outline.Draw(random);
        _picture = Paint(_outline, radius * Fineness, Texture.Bold(random, radius * Fineness * random.Between(0.55, 0.9)));
    }

    /// <summary>Pixels from the centre to the farthest point of the outline at scale 1.</summary>
    public double Radius { get; }

    /// <summary>Smallest box round the outline at a pose: left, top, right, bottom.</summary>
    public Rect2d BoundsAt(Pose pose)
    {
        var (sin, cos) = Math.SinCos(pose.Degrees * Math.PI / 180);
        var size = Radius * pose.Scale;
        var xs = _outline.Select(p => pose.X + (size * ((p.X * cos) - (p.Y * sin)))).ToArray();
        var ys = _outline.Select(p => pose.Y + (size * ((p.X * sin) + (p.Y * cos)))).ToArray();
        return new Rect2d(xs.Min(), ys.Min(), xs.Max() - xs.Min(), ys.Max() - ys.Min());
    }

    /// <summary>Draws the thing over <paramref name="canvas"/> (BGR); what lies outside the canvas is cut off.</summary>
    public void DrawOn(Mat canvas, Pose pose)
    {
        var bounds = BoundsAt(pose);
        var left = (int)Math.Max(0, Math.Floor(bounds.Left) - 2);
        var top = (int)Math.Max(0, Math.Floor(bounds.Top) - 2);
        var right = (int)Math.Min(canvas.Width, Math.Ceiling(bounds.Right) + 2);
        var bottom = (int)Math.Min(canvas.Height, Math.Ceiling(bounds.Bottom) + 2);
        if (right <= left || bottom <= top)
        {
            return;
        }

        using var placed = Place(pose, left, top, right - left, bottom - top);
        var over = placed.AsSpan<Vec4b>();
        for (var y = top; y < bottom; y++)
        {
            var under = canvas.AsRows(y)[left..right];
            var row = over[((y - top) * (right - left))..];
            for (var x = 0; x < under.Length; x++)
            {
                var (colour, rest) = (row[x], 255 - row[x].Item3);
                under[x] = new Vec3b(
                    (byte)(colour.Item0 + (((under[x].Item0 * rest) + 127) / 255)),
                    (byte)(colour.Item1 + (((under[x].Item1 * rest) + 127) / 255)),
                    (byte)(colour.Item2 + (((under[x].Item2 * rest) + 127) / 255)));
            }
        }
    }

    public void Dispose() => _picture.Dispose();

    /// <summary>The picture (colours already multiplied by their cover) turned, scaled and moved into a window of the scene.</summary>
    private Mat Place(Pose pose, int left, int top, int width, int height)
    {
        var (sin, cos) = Math.SinCos(pose.Degrees * Math.PI / 180);
        var scale = pose.Scale / Fineness;
        var centre = (_picture.Width - 1) / 2.0;
        double[] move =
        [
            scale * cos, -scale * sin, pose.X - left - 0.5 - (scale * ((cos - sin) * centre)),
            scale * sin, scale * cos, pose.Y - top - 0.5 - (scale * ((sin + cos) * centre)),
        ];
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_64FC1, move);
        var placed = new Mat(height, width, MatType.CV_8UC4);
        Cv2.WarpAffine(_picture, placed, matrix, new Size(width, height), InterpolationFlags.Linear, BorderTypes.Constant, Scalar.All(0));
        return placed;
    }

    private static Mat Paint(Point2d[] outline, double radius, Texture texture)
    {
        const int border = 3, finer = 4;
        var side = (2 * (int)Math.Ceiling(radius)) + (2 * border) + 1;
        using var large = new Mat(side * finer, side * finer, MatType.CV_8UC1, Scalar.All(0));
        var centre = side / 2.0;
        var corners = outline.Select(p => new Point((centre + (p.X * radius)) * finer, (centre + (p.Y * radius)) * finer));
        Cv2.FillPoly(large, [corners], Scalar.All(255));
        using var cover = new Mat();
        Cv2.Resize(large, cover, new Size(side, side), 0, 0, InterpolationFlags.Area);
        var picture = new Mat(side, side, MatType.CV_8UC4);
        var covers = cover.AsSpan<byte>();
        var pixels = picture.AsSpan<Vec4b>();
        for (var i = 0; i < pixels.Length; i++)
        {
            var colour = texture.At(i % side, i / side);
            var part = covers[i];
            pixels[i] = new Vec4b((byte)(colour.Blue * part), (byte)(colour.Green * part), (byte)(colour.Red * part), part);
        }

        return picture;
    }
}

/// <summary>Rows of a BGR picture as spans.</summary>
file static class PictureRows
{
    public static Span<Vec3b> AsRows(this Mat picture, int row) => picture.AsSpan<Vec3b>().Slice(row * picture.Width, picture.Width);
}
