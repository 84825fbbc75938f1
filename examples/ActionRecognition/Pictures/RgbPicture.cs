using OpenCvSharp;

namespace ActionRecognition.Pictures;

/// <summary>A picture of 8-bit RGB values, row after row.</summary>
internal sealed record RgbPicture(int Width, int Height, byte[] Pixels)
{
    /// <summary>As OpenCV holds pictures (BGR).</summary>
    public Mat ToMat()
    {
        using var rgb = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, Pixels);
        var picture = new Mat();
        Cv2.CvtColor(rgb, picture, ColorConversionCodes.RGB2BGR);
        return picture;
    }
}
