using Mofo.ML.Transforms.OpticalFlow;
using OpenCvSharp;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>Another flow at half the size: pictures are averaged 2x2, the motion enlarged bilinearly and doubled.</summary>
/// <remarks>A quarter of the work and less noise, at the price of motion details below two pixels.</remarks>
internal sealed class ReducedFlow : IOpticalFlow
{
    private readonly (int Width, int Height) _full;
    private readonly (int Width, int Height) _half;
    private readonly IOpticalFlow _inner;
    private readonly byte[] _from;
    private readonly byte[] _to;
    private readonly FlowField _flow;

    /// <param name="width">Full size.</param>
    /// <param name="height">Full size.</param>
    /// <param name="create">Makes the flow for the half size; it is disposed of here.</param>
    public ReducedFlow(int width, int height, Func<int, int, IOpticalFlow> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        _full = (width, height);
        _half = ((width + 1) / 2, (height + 1) / 2);
        _from = new byte[_half.Width * _half.Height];
        _to = new byte[_half.Width * _half.Height];
        _flow = new FlowField(_half.Width, _half.Height);
        _inner = create(_half.Width, _half.Height);
    }

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(_full.Width, _full.Height, grayFrom, grayTo, into);
        Halve(grayFrom, _from);
        Halve(grayTo, _to);
        _inner.Compute(_from, _to, _flow);
        Enlarge(_flow.X, into.X, (float)_full.Width / _half.Width);
        Enlarge(_flow.Y, into.Y, (float)_full.Height / _half.Height);
    }

    public void Dispose() => _inner.Dispose();

    private unsafe void Halve(ReadOnlySpan<byte> gray, byte[] into)
    {
        fixed (byte* from = gray, to = into)
        {
            using var source = Mat.FromPixelData(_full.Height, _full.Width, MatType.CV_8UC1, (nint)from);
            using var target = Mat.FromPixelData(_half.Height, _half.Width, MatType.CV_8UC1, (nint)to);
            Cv2.Resize(source, target, new Size(_half.Width, _half.Height), 0, 0, InterpolationFlags.Area);
        }
    }

    private unsafe void Enlarge(float[] component, float[] into, float factor)
    {
        System.Numerics.Tensors.TensorPrimitives.Multiply(component, factor, component);
        fixed (float* from = component, to = into)
        {
            using var source = Mat.FromPixelData(_half.Height, _half.Width, MatType.CV_32FC1, (nint)from);
            using var target = Mat.FromPixelData(_full.Height, _full.Width, MatType.CV_32FC1, (nint)to);
            Cv2.Resize(source, target, new Size(_full.Width, _full.Height), 0, 0, InterpolationFlags.Linear);
        }
    }
}
