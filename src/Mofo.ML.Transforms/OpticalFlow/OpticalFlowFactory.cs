using Mofo.ML.Research;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Makes the flow that an option names.</summary>
internal static class OpticalFlowFactory
{
    /// <param name="algorithm">Which.</param>
    /// <param name="width">Of the frames.</param>
    /// <param name="height">Of the frames.</param>
    /// <param name="tvL1">Settings of TV-L1, where that is selected; null for its defaults.</param>
    public static IOpticalFlow Create(OpticalFlowAlgorithm algorithm, int width, int height, TvL1Parameters? tvL1 = null) => algorithm switch
    {
        OpticalFlowAlgorithm.Farneback => new FarnebackFlow(width, height),
        OpticalFlowAlgorithm.TvL1 => new TvL1Flow(width, height, tvL1),
        OpticalFlowAlgorithm.Dis => new DisFlow(width, height),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Unknown optical flow algorithm."),
    };
}
