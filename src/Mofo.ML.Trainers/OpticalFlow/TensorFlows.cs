using Mofo.ML.Research;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.MotionStages;
using Mofo.ML.Transforms.OpticalFlow;
using TorchSharp;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>Flows on the MLContext's GPU, registered with Mofo.ML.Transforms, which must not need libtorch.</summary>
internal sealed class TensorFlows : IDeviceFlows
{
    public FlowMaker? TvL1On(StageHost host, TvL1Parameters parameters)
    {
        var device = DeviceChoice.For(host);

        // On a CPU the vectorised code is faster than tensor operations.
        return device.type == DeviceType.CPU ? null : (width, height) => new TvL1TensorFlow(width, height, parameters, device);
    }
}
