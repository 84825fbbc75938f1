using System.Numerics.Tensors;
using OpenCvSharp;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Another flow's result at half the size (rounded up), in pixels of that size: each value is the mean of 2x2.</summary>
/// <remarks>The flow itself works on the full pictures. An <see cref="IHalfFlow"/> ends at half the size anyway, so there nothing is enlarged only to be reduced again.</remarks>
internal sealed class HalvedFlow : IOpticalFlow
{
    private readonly (int Width, int Height) _full;
    private readonly IOpticalFlow _inner;
    private readonly FlowField? _field;

    /// <param name="width">Full size.</param>
    /// <param name="height">Full size.</param>
    /// <param name="inner">A flow of the full size; it is disposed of here.</param>
    public HalvedFlow(int width, int height, IOpticalFlow inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        (_full, _inner) = ((width, height), inner);
        _field = inner is IHalfFlow { EndsAtHalf: true } ? null : new FlowField(width, height);
    }

    /// <summary>The size of the fields that are filled.</summary>
    public static (int Width, int Height) SizeOf(int width, int height) => ((width + 1) / 2, (height + 1) / 2);

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_field is null)
        {
            ((IHalfFlow)_inner).ComputeHalf(grayFrom, grayTo, into);
            return;
        }

        _inner.Compute(grayFrom, grayTo, _field);
        Halve(_field.X, into.X, into, (float)into.Width / _full.Width);
        Halve(_field.Y, into.Y, into, (float)into.Height / _full.Height);
    }

    public void Dispose() => _inner.Dispose();

    private unsafe void Halve(float[] component, float[] half, FlowField into, float factor)
    {
        fixed (float* from = component, to = half)
        {
            using var source = Mat.FromPixelData(_full.Height, _full.Width, MatType.CV_32FC1, (nint)from);
            using var target = Mat.FromPixelData(into.Height, into.Width, MatType.CV_32FC1, (nint)to);
            Cv2.Resize(source, target, new Size(into.Width, into.Height), 0, 0, InterpolationFlags.Area);
        }

        TensorPrimitives.Multiply(half, factor, half);
    }
}
