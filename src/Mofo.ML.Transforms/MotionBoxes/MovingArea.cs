using OpenCvSharp;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The part of a frame that moves: the largest connected areas of a mask, at most two, and the second only when it is near enough.</summary>
internal sealed class MovingArea
{
    /// <summary>Areas whose contour points have means further apart than this share of the diagonal do not belong together.</summary>
    public const double FarthestPair = 0.4;

    private MovingArea(byte[] mask, int contoursFound, int contoursKept)
    {
        Mask = mask;
        ContoursFound = contoursFound;
        ContoursKept = contoursKept;
    }

    /// <summary>255 inside, 0 outside; row-major.</summary>
    public byte[] Mask { get; }

    public int ContoursFound { get; }

    public int ContoursKept { get; }

    /// <summary>Finds the areas of the non-zero pixels.</summary>
    /// <param name="image">Row-major; zero is outside.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="countHoles">Whether the border of a hole counts as an area of its own, as in the release.</param>
    public static MovingArea Find(byte[] image, int width, int height, bool countHoles)
    {
        using var source = Mat.FromPixelData(height, width, MatType.CV_8UC1, image);
        var mode = countHoles ? RetrievalModes.Tree : RetrievalModes.External;
        Cv2.FindContours(source, out var contours, out _, mode, ContourApproximationModes.ApproxSimple);
        // OrderByDescending is stable: of equal areas the first found wins.
        var largest = contours.OrderByDescending(contour => Cv2.ContourArea(contour)).Take(2).ToArray();
        if (largest.Length == 2 && Distance(largest[0], largest[1]) > FarthestPair * Math.Sqrt((width * (double)width) + (height * (double)height)))
        {
            largest = largest[..1];
        }

        var mask = new byte[image.Length];
        using var target = Mat.FromPixelData(height, width, MatType.CV_8UC1, mask);
        for (var i = 0; i < largest.Length; i++)
        {
            Cv2.DrawContours(target, largest, i, new Scalar(255), thickness: -1);
        }

        return new MovingArea(mask, contours.Length, largest.Length);
    }

    private static double Distance(Point[] a, Point[] b)
    {
        var dx = a.Average(p => p.X) - b.Average(p => p.X);
        var dy = a.Average(p => p.Y) - b.Average(p => p.Y);
        return Math.Sqrt((dx * dx) + (dy * dy));
    }
}
