using Mofo.ML.Transforms;
using OpenCvSharp;

namespace ServeWithOnnx;

/// <summary>Frames reduced for people to look at.</summary>
internal static class SmallPicture
{
    /// <summary>A frame as OpenCV holds pictures (BGR), reduced where a side is longer than <paramref name="longestSide"/>.</summary>
    public static Mat Of(MotionFrame frame, int longestSide)
    {
        var scale = Math.Min(1, longestSide / (double)Math.Max(frame.Width, frame.Height));
        using var rgb = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Rgb.ToArray());
        using var bgr = rgb.CvtColor(ColorConversionCodes.RGB2BGR);
        return bgr.Resize(new Size(Math.Max(1, Math.Round(frame.Width * scale)), Math.Max(1, Math.Round(frame.Height * scale))), 0, 0, InterpolationFlags.Area);
    }
}
