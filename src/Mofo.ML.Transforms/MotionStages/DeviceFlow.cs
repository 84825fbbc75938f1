using System.Reflection;
using System.Runtime.CompilerServices;
using Mofo.ML.Research;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.MotionStages;

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
    /// <summary>The package whose module initialiser registers its flows.</summary>
    private const string Package = "Mofo.ML.Trainers";

    private static readonly Lazy<bool> PackageLoaded = new(LoadPackage);
    private static volatile IDeviceFlows? _flows;

    /// <summary>Offers flows on GPUs to the stages that are made from now on.</summary>
    public static void Register(IDeviceFlows flows) => _flows = flows;

    /// <summary>A maker for the GPU that <c>MLContext.GpuDeviceId</c> names; null for the flow on the CPU.</summary>
    /// <remarks>Only TV-L1 has a version for GPUs. The fast flows need no GPU: decoding takes longer than they do.</remarks>
    /// <exception cref="InvalidOperationException">The GPU cannot be used, and <c>MLContext.FallbackToCpu</c> is false.</exception>
    public static FlowMaker? For(MotionDetectionOptions options, StageHost host)
    {
        if (options.Flow != OpticalFlowAlgorithm.TvL1 || host.GpuDeviceId is not { } gpu)
        {
            return null;
        }

        if (_flows is null)
        {
            // The program may reference the package and have touched nothing of it yet.
            _ = PackageLoaded.Value;
        }

        if (_flows is { } flows)
        {
            return flows.TvL1On(host, options.TvL1);
        }

        return host.FallbackToCpu
            ? null
            : throw new InvalidOperationException(Invariant($"MLContext.GpuDeviceId is {gpu} and FallbackToCpu is false, but TV-L1 on a GPU needs the package {Package}, which is not there."));
    }

    private static bool LoadPackage()
    {
        try
        {
            RuntimeHelpers.RunModuleConstructor(Assembly.Load(Package).ManifestModule.ModuleHandle);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return false;
        }
    }
}
