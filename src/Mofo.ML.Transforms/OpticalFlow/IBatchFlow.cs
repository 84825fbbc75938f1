namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>A flow that finds the motion of many pairs of frames at once, as a GPU wants it. One instance per thread.</summary>
internal interface IBatchFlow : IOpticalFlow
{
    /// <summary>Pairs at once that use the device well.</summary>
    int Pairs { get; }

    /// <summary>The motion from each frame to the next.</summary>
    /// <param name="grays">Frames in order, one more than there are fields.</param>
    /// <param name="into">One field for each pair, all of the full size or all of half of it (<see cref="HalvedFlow.SizeOf"/>).</param>
    void Compute(IReadOnlyList<byte[]> grays, ReadOnlySpan<FlowField> into);
}
