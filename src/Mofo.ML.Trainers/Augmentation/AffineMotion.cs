using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Where a point of the picture goes: x' = XX x + XY y + X0, y' = YX x + YY y + Y0, in pixels from the frame's upper left corner.</summary>
internal readonly record struct AffineMotion(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    // Uncovered pixels become mid grey, as in the original.
    private const byte Fill = 128;

    /// <summary>Turns the picture counter-clockwise about the frame's middle.</summary>
    public static AffineMotion Rotation(double degrees, int width, int height)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (x, y) = (width / 2.0, height / 2.0);
        return new(cos, sin, x - (cos * x) - (sin * y), -sin, cos, y + (sin * x) - (cos * y));
    }

    /// <summary>Moves each row to the left by its y times the factor; the upper edge stays.</summary>
    public static AffineMotion ShearX(double factor) => new(1, -factor, 0, 0, 1, 0);

    /// <summary>Moves each column up by its x times the factor; the left edge stays.</summary>
    public static AffineMotion ShearY(double factor) => new(1, 0, 0, -factor, 1, 0);

    /// <summary>Moves the picture.</summary>
    public static AffineMotion Translation(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Moves pixels (bilinear) and boxes of all frames. Disposes the given clip.</summary>
    public Clip Apply(Clip clip)
    {
        using (clip)
        {
            var result = new Clip(clip.Length, clip.Width, clip.Height);
            if (IsWholeShift)
            {
                ShiftPixels(clip, result);
            }
            else
            {
                MovePixels(clip, result);
            }

            for (var i = 0; i < clip.Length; i++)
            {
                result.Boxes[i] = Move(clip.Boxes[i], clip.Width, clip.Height);
            }

            return result;
        }
    }

    /// <summary>The smallest box around what the frame still shows of the moved box.</summary>
    public MotionBox Move(MotionBox box, int width, int height)
    {
        if (box.IsEmpty)
        {
            return MotionBox.Empty;
        }

        List<(double X, double Y)> outline = [Move(box.X1, box.Y1), Move(box.X2, box.Y1), Move(box.X2, box.Y2), Move(box.X1, box.Y2)];
        outline = Cut(outline, p => p.X);
        outline = Cut(outline, p => width - p.X);
        outline = Cut(outline, p => p.Y);
        outline = Cut(outline, p => height - p.Y);
        return outline.Count == 0
            ? MotionBox.Empty
            : new((float)outline.Min(p => p.X), (float)outline.Min(p => p.Y), (float)outline.Max(p => p.X), (float)outline.Max(p => p.Y));
    }

    private bool IsWholeShift => (XX, XY, YX, YY) == (1, 0, 0, 1) && X0 == Math.Round(X0) && Y0 == Math.Round(Y0);

    private (double X, double Y) Move(double x, double y) => ((XX * x) + (XY * y) + X0, (YX * x) + (YY * y) + Y0);

    /// <summary>The part of a convex outline where the distance is not negative (Sutherland and Hodgman 1974).</summary>
    private static List<(double X, double Y)> Cut(List<(double X, double Y)> outline, Func<(double X, double Y), double> distance)
    {
        var kept = new List<(double X, double Y)>();
        for (var i = 0; i < outline.Count; i++)
        {
            var (from, to) = (outline[i], outline[(i + 1) % outline.Count]);
            var (start, end) = (distance(from), distance(to));
            if (start >= 0)
            {
                kept.Add(from);
            }

            if (start * end < 0)
            {
                var part = start / (start - end);
                kept.Add((from.X + (part * (to.X - from.X)), from.Y + (part * (to.Y - from.Y))));
            }
        }

        return kept;
    }

    private void ShiftPixels(Clip clip, Clip result)
    {
        var (right, down) = ((int)X0, (int)Y0);
        var kept = clip.Width - Math.Abs(right);
        result.Pixels.Fill(Fill);
        for (var i = 0; kept > 0 && i < clip.Length; i++)
        {
            for (var y = Math.Max(0, down); y < Math.Min(clip.Height, clip.Height + down); y++)
            {
                var from = clip.Frame(i).Slice((((y - down) * clip.Width) + Math.Max(0, -right)) * 3, kept * 3);
                from.CopyTo(result.Frame(i)[(((y * clip.Width) + Math.Max(0, right)) * 3)..]);
            }
        }
    }

    private void MovePixels(Clip clip, Clip result)
    {
        // OpenCV's coordinates are those of pixel centres, which lie half a pixel inside the corner that ours start from.
        double[] values = [XX, XY, X0 + (0.5 * (XX + XY - 1)), YX, YY, Y0 + (0.5 * (YX + YY - 1))];
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_64FC1, values);
        using var from = ClipMat.Of(clip);
        using var to = ClipMat.Of(result);
        for (var i = 0; i < clip.Length; i++)
        {
            using var source = from.Frame(i);
            using var target = to.Frame(i);
            Cv2.WarpAffine(source, target, matrix, new Size(clip.Width, clip.Height), InterpolationFlags.Linear, BorderTypes.Constant, Scalar.All(Fill));
        }
    }
}
