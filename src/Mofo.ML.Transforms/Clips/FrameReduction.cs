using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Makes frames as small as training can use them, before they are kept.</summary>
/// <param name="shortSide">Frames with a longer short side are reduced to it; smaller ones stay as they are.</param>
internal sealed class FrameReduction(int shortSide)
{
    /// <summary>The short side that is used, in pixels.</summary>
    public int ShortSide => shortSide;

    /// <summary>Size of a reduced frame.</summary>
    public (int Width, int Height) Size(int width, int height) =>
        Math.Min(width, height) <= shortSide ? (width, height) : SpatialViews.ShortSide(width, height, shortSide);

    /// <summary>The frame reduced, or itself where it is small enough.</summary>
    public unsafe Frame Reduce(Frame frame)
    {
        var (width, height) = Size(frame.Width, frame.Height);
        if (frame.Width == width && frame.Height == height)
        {
            return frame;
        }

        var pixels = new byte[width * height * 3];
        fixed (byte* from = frame.Pixels, to = pixels)
        {
            using var source = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, (nint)from);
            using var target = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)to);
            Cv2.Resize(source, target, new Size(width, height), interpolation: InterpolationFlags.Area);
        }

        return new Frame(width, height, pixels);
    }

    /// <summary>All frames of an open video, reduced, one after the other.</summary>
    /// <exception cref="VideoException">It has no frame that decodes, or is truncated.</exception>
    public IEnumerable<Frame> ReduceAll(FrameReader reader, string videoPath)
    {
        var any = false;
        while (reader.TryRead(out var frame))
        {
            any = true;
            yield return Reduce(frame);
        }

        if (!any)
        {
            throw new VideoException(videoPath, "it has no frame that decodes");
        }
    }
}
