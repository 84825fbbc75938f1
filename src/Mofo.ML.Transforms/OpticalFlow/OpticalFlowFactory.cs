namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Makes the flow that an option names.</summary>
internal static class OpticalFlowFactory
{
    public static IOpticalFlow Create(OpticalFlowAlgorithm algorithm, int width, int height) => algorithm switch
    {
        OpticalFlowAlgorithm.Farneback => new FarnebackFlow(width, height),
        OpticalFlowAlgorithm.TvL1 => new TvL1Flow(width, height),
        OpticalFlowAlgorithm.Dis => new DisFlow(width, height),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Unknown optical flow algorithm."),
    };
}
