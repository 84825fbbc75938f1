namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>A flow that can give its result at half the size without computing the full size first.</summary>
internal interface IHalfFlow : IOpticalFlow
{
    /// <summary>Whether <see cref="ComputeHalf"/> may be called: pictures can be too small for it.</summary>
    bool EndsAtHalf { get; }

    /// <summary>The flow at half the size (rounded up), in pixels of that size.</summary>
    /// <param name="grayFrom">The earlier frame at full size, as for <see cref="IOpticalFlow.Compute"/>.</param>
    /// <param name="grayTo">The later frame, likewise.</param>
    /// <param name="into">Takes the result; of <see cref="HalvedFlow.SizeOf"/>.</param>
    void ComputeHalf(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into);
}
