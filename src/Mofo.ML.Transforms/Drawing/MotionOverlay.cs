using OpenCvSharp;

namespace Mofo.ML.Transforms.Drawing;

/// <summary>Draws over one frame what the detector saw: the motion map in red, the frame's box in green, the union over the clip in yellow.</summary>
internal static class MotionOverlay
{
    /// <summary>The map's full red: a change of the flow of so much, summed over a window, is strong in any clip. Weaker maps are drawn weaker.</summary>
    private const double StrongMotion = 2;

    private static readonly Scalar BoxColour = new(60, 230, 60);
    private static readonly Scalar UnionColour = new(0, 220, 255);

    /// <returns>A new picture of the frame's size.</returns>
    public static Mat Draw(MotionFrame frame, BoxTrack track)
    {
        var picture = Picture.FromRgb(frame.Width, frame.Height, frame.Rgb.Span);
        AddMap(picture, frame);
        Cv2.Rectangle(picture, Inside(track.Union), UnionColour, 1);
        if (track.MotionFound)
        {
            Cv2.Rectangle(picture, Inside(track.PerFrame[frame.Index]), BoxColour, 2);
        }

        return picture;
    }

    /// <summary>The pixels of a box, at least one.</summary>
    public static Rect Inside(MotionBox box) => new((int)box.X1, (int)box.Y1, Math.Max(1, (int)box.Width), Math.Max(1, (int)box.Height));

    private static void AddMap(Mat picture, MotionFrame frame)
    {
        using var map = Mat.FromPixelData(frame.MapHeight, frame.MapWidth, MatType.CV_32FC1, frame.Map.ToArray());
        Cv2.MinMaxLoc(map, out _, out double strongest);
        using var level = new Mat();
        map.ConvertTo(level, MatType.CV_8UC1, 255 / Math.Max(strongest, StrongMotion));
        Cv2.Resize(level, level, picture.Size(), interpolation: InterpolationFlags.Linear);
        using var nothing = new Mat(picture.Size(), MatType.CV_8UC1, new Scalar(0));
        using var red = new Mat();
        Cv2.Merge([nothing, nothing, level], red);
        Cv2.AddWeighted(picture, 0.8, red, 0.8, 0, picture);
    }
}
