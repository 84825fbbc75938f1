namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Finds the motion between two frames of one fixed size. Holds work buffers: one instance per thread.</summary>
internal interface IOpticalFlow : IDisposable
{
    /// <param name="grayFrom">The earlier frame: 8-bit grey, row-major, width * height bytes.</param>
    /// <param name="grayTo">The later frame, likewise.</param>
    /// <param name="into">Takes the result; of the instance's size. What it held before has no influence.</param>
    void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into);
}

/// <summary>Makes a flow for frames of one size.</summary>
internal delegate IOpticalFlow FlowMaker(int width, int height);

/// <summary>The argument check that all algorithms share.</summary>
internal static class FlowArguments
{
    public static void Check(int width, int height, ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (grayFrom.Length != width * height || grayTo.Length != width * height || into.Width != width || into.Height != height)
        {
            throw new ArgumentException(
                Invariant($"This flow is set up for {width}x{height}; it was given {grayFrom.Length} and {grayTo.Length} grey bytes and a field of {into.Width}x{into.Height}."), nameof(into));
        }
    }
}
