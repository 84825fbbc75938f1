using Mofo.ML.Transforms;
using OpenCvSharp;

namespace ServeWithOnnx;

/// <summary>A picture for people: where the motion was found.</summary>
internal static class Overlay
{
    private const int LongestSide = 640;

    /// <summary>The middle frame with its box (green) and the union over the video (yellow), as a data address of a PNG.</summary>
    public static string MiddleFrame(string path, BoxTrack track)
    {
        var middle = track.PerFrame.Count / 2;
        using var video = new VideoCapture(path);
        using var frame = new Mat();
        for (var i = 0; i <= middle && video.Grab(); i++)
        {
            _ = video.Retrieve(frame);
        }

        if (frame.Empty())
        {
            return "";
        }

        var scale = Math.Min(1, LongestSide / (double)Math.Max(frame.Width, frame.Height));
        using var picture = frame.Resize(new Size(0, 0), scale, scale, InterpolationFlags.Area);
        Draw(picture, track.Union, scale, new Scalar(0, 220, 255));
        Draw(picture, track.PerFrame[middle], scale, new Scalar(0, 200, 0));
        return $"data:image/png;base64,{Convert.ToBase64String(picture.ToBytes(".png"))}";
    }

    private static void Draw(Mat picture, MotionBox box, double scale, Scalar colour) => Cv2.Rectangle(
        picture, new Point((int)(box.X1 * scale), (int)(box.Y1 * scale)), new Point((int)(box.X2 * scale) - 1, (int)(box.Y2 * scale) - 1), colour, 2);
}
