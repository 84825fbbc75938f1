using System.Buffers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Clips;

/// <summary>OpenCV's view of a clip's pixels, without copying; the clip must outlive it.</summary>
internal sealed unsafe class ClipMat : IDisposable
{
    private readonly Clip _clip;
    private readonly byte* _pixels;
    private MemoryHandle _pin;

    private ClipMat(Clip clip)
    {
        _clip = clip;
        _pin = clip.Pin();
        _pixels = (byte*)_pin.Pointer;
        All = Mat.FromPixelData(clip.Length * clip.Height, clip.Width, MatType.CV_8UC3, (nint)_pixels);
    }

    /// <summary>All frames below each other: for operations that treat each pixel or row by itself.</summary>
    public Mat All { get; }

    public static ClipMat Of(Clip clip) => new(clip);

    /// <summary>One frame; the caller disposes the header.</summary>
    public Mat Frame(int index) => Frame(index, new(0, 0, _clip.Width, _clip.Height));

    /// <summary>A part of one frame; the caller disposes the header.</summary>
    public Mat Frame(int index, CropWindow window)
    {
        var step = _clip.Width * 3;
        var start = _pixels + ((long)index * _clip.FrameBytes) + ((long)window.Y * step) + (window.X * 3);
        return Mat.FromPixelData(window.Height, window.Width, MatType.CV_8UC3, (nint)start, step);
    }

    public void Dispose()
    {
        All.Dispose();
        _pin.Dispose();
    }
}
