using Mofo.ML.Transforms;
using OpenCvSharp;
using Colour = OpenCvSharp.Scalar; // Scalar is a namespace here too

namespace ServeWithOnnx;

/// <summary>A picture for people: where the motion was found.</summary>
internal static class Overlay
{
    /// <summary>A frame from the middle with its box (green) and the union over the video (yellow), as a data address of a PNG.</summary>
    public static string Draw(MiddleFrame middle, BoxTrack track)
    {
        var (index, picture) = middle.Of(track.PerFrame.Count);
        using var drawn = picture.Clone();
        var scale = drawn.Width / (double)track.FrameWidth;
        Draw(drawn, track.Union, scale, new Colour(0, 220, 255));
        Draw(drawn, track.PerFrame[index], scale, new Colour(0, 200, 0));
        return $"data:image/png;base64,{Convert.ToBase64String(drawn.ToBytes(".png"))}";
    }

    private static void Draw(Mat picture, MotionBox box, double scale, Colour colour) => Cv2.Rectangle(
        picture, new Point((int)(box.X1 * scale), (int)(box.Y1 * scale)), new Point((int)(box.X2 * scale) - 1, (int)(box.Y2 * scale) - 1), colour, 2);
}
