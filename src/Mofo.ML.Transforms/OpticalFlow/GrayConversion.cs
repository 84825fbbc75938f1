using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>RGB to grey with OpenCV's weights and rounding (0.299 R + 0.587 G + 0.114 B).</summary>
internal static class GrayConversion
{
    /// <param name="frame">RGB.</param>
    /// <param name="gray">Takes width * height bytes, row-major.</param>
    public static unsafe void Convert(Frame frame, Span<byte> gray)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (gray.Length != frame.Width * frame.Height)
        {
            throw new ArgumentException(Invariant($"A frame of {frame.Width}x{frame.Height} has {frame.Width * frame.Height} grey bytes; room for {gray.Length} was given."), nameof(gray));
        }

        fixed (byte* from = frame.Pixels, to = gray)
        {
            using var rgb = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, (nint)from);
            using var single = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC1, (nint)to);
            Cv2.CvtColor(rgb, single, ColorConversionCodes.RGB2GRAY);
        }
    }
}
