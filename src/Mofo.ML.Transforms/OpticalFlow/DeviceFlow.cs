using Mofo.ML.Research;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Makes flows that run on a GPU. Implemented where tensors are: this assembly knows none.</summary>
internal interface IDeviceFlows
{
    /// <summary>A maker of TV-L1 flows on the MLContext's GPU; null where there is none and falling back is allowed.</summary>
    /// <exception cref="InvalidOperationException">The GPU is not there, and falling back is not allowed.</exception>
    FlowMaker? TvL1On(StageHost host, TvL1Parameters parameters);
}

/// <summary>The flow that an MLContext with a GPU asks for.</summary>
internal static class DeviceFlow
{
    private const string ProviderAssembly = "Mofo.ML.Trainers";
    private const string Provider = "Mofo.ML.Trainers.OpticalFlow.TensorFlows, " + ProviderAssembly;

    private static readonly Lazy<IDeviceFlows?> Flows = new(Find);

    /// <summary>A maker for the GPU that <c>MLContext.GpuDeviceId</c> names; null for the flow on the CPU.</summary>
    /// <remarks>Only TV-L1 has a version for GPUs. The fast flows need no GPU: decoding takes longer than they do.</remarks>
    /// <exception cref="InvalidOperationException">The GPU cannot be used, and <c>MLContext.FallbackToCpu</c> is false.</exception>
    public static FlowMaker? For(MotionDetectionOptions options, StageHost host)
    {
        if (options.Flow != OpticalFlowAlgorithm.TvL1 || host.GpuDeviceId is not { } gpu)
        {
            return null;
        }

        if (Flows.Value is { } flows)
        {
            return flows.TvL1On(host, options.TvL1);
        }

        return host.FallbackToCpu
            ? null
            : throw new InvalidOperationException(Invariant($"MLContext.GpuDeviceId is {gpu} and FallbackToCpu is false, but TV-L1 on a GPU needs the package {ProviderAssembly}, which is not there."));
    }

    // By name, since the reference goes the other way: a program without libtorch must be able to detect motion.
    private static IDeviceFlows? Find()
    {
        try
        {
            return Type.GetType(Provider, throwOnError: true) is { } type ? (IDeviceFlows?)Activator.CreateInstance(type, nonPublic: true) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException)
        {
            return null;
        }
    }
}
