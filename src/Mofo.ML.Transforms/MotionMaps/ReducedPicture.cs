using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>Frames at the size at which the flow is computed: the short side at most as long as asked for, the shape kept.</summary>
internal sealed class ReducedPicture
{
    private readonly int _sourceWidth;
    private readonly int _sourceHeight;

    /// <param name="sourceWidth">Width of the frames.</param>
    /// <param name="sourceHeight">Height of the frames.</param>
    /// <param name="shortSide">Largest short side allowed; 0 leaves the size as it is.</param>
    public ReducedPicture(int sourceWidth, int sourceHeight, int shortSide)
    {
        (_sourceWidth, _sourceHeight) = (sourceWidth, sourceHeight);
        var factor = shortSide == 0 ? 1.0 : Math.Min(1.0, shortSide / (double)Math.Min(sourceWidth, sourceHeight));
        Width = Math.Max(1, (int)Math.Round(sourceWidth * factor));
        Height = Math.Max(1, (int)Math.Round(sourceHeight * factor));
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] ToGray(Frame frame)
    {
        var gray = GrayConversion.Convert(frame);
        if (Width == _sourceWidth && Height == _sourceHeight)
        {
            return gray;
        }

        return Reduce(gray, MatType.CV_8UC1, 1);
    }

    /// <summary>The frame's RGB bytes at the same reduced size.</summary>
    public byte[] ReduceColours(Frame frame) =>
        Width == _sourceWidth && Height == _sourceHeight ? frame.Pixels : Reduce(frame.Pixels, MatType.CV_8UC3, 3);

    private byte[] Reduce(byte[] pixels, MatType type, int channels)
    {
        var reduced = new byte[Width * Height * channels];
        using var source = Mat.FromPixelData(_sourceHeight, _sourceWidth, type, pixels);
        using var target = Mat.FromPixelData(Height, Width, type, reduced);
        Cv2.Resize(source, target, target.Size(), interpolation: InterpolationFlags.Area);
        return reduced;
    }
}
