using System.Numerics.Tensors;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Another flow, bounded and rounded to 8 bits as denseflow stores it.</summary>
/// <param name="inner">The flow; it is disposed of here.</param>
/// <param name="unit">What one level counts in the result: 1 leaves levels (0 to 255, 128 without motion), 40/255 gives pixels per frame plus a constant.</param>
internal sealed class QuantizedFlow(IOpticalFlow inner, float unit) : IOpticalFlow
{
    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        inner.Compute(grayFrom, grayTo, into);
        FlowQuantizer.ToLevels(into);
        if (unit != 1)
        {
            TensorPrimitives.Multiply(into.X, unit, into.X);
            TensorPrimitives.Multiply(into.Y, unit, into.Y);
        }
    }

    public void Dispose() => inner.Dispose();
}
