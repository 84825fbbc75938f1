using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>Frames at the size at which the flow is computed: the short side at most as long as asked for, the shape kept.</summary>
internal sealed class ReducedPicture
{
    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private byte[]? _gray; // at the frames' size, where that is not the flow's

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

    /// <summary>The frame's brightness at the reduced size. Not thread-safe.</summary>
    /// <param name="frame">Of the frames' size.</param>
    /// <param name="memory">A picture of an earlier call that is not needed any more, to write into; null for a new one.</param>
    public byte[] ToGray(Frame frame, byte[]? memory = null)
    {
        memory ??= GC.AllocateUninitializedArray<byte>(Width * Height);
        if (Width == _sourceWidth && Height == _sourceHeight)
        {
            GrayConversion.Convert(frame, memory);
            return memory;
        }

        _gray ??= GC.AllocateUninitializedArray<byte>(_sourceWidth * _sourceHeight);
        GrayConversion.Convert(frame, _gray);
        return Reduce(_gray, memory, MatType.CV_8UC1);
    }

    /// <summary>The frame's RGB bytes at the same reduced size.</summary>
    public byte[] ReduceColours(Frame frame) =>
        Width == _sourceWidth && Height == _sourceHeight ? frame.Pixels : Reduce(frame.Pixels, GC.AllocateUninitializedArray<byte>(Width * Height * 3), MatType.CV_8UC3);

    private byte[] Reduce(byte[] pixels, byte[] reduced, MatType type)
    {
        using var source = Mat.FromPixelData(_sourceHeight, _sourceWidth, type, pixels);
        using var target = Mat.FromPixelData(Height, Width, type, reduced);
        Cv2.Resize(source, target, target.Size(), interpolation: InterpolationFlags.Area);
        return reduced;
    }
}
