using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.Clips;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Clips to one tensor, of any size.</summary>
internal static class PixelBatch
{
    /// <summary>[B,3,T,H,W] float32 on the device.</summary>
    public static Tensor Stack(IReadOnlyList<PixelBuffer> clips, VitConfig model, Device device)
    {
        var batch = empty([clips.Count, 3, model.Frames, model.ImageSize, model.ImageSize], ScalarType.Float32, CPU);
        for (var i = 0; i < clips.Count; i++)
        {
            clips[i].Values.CopyTo(TensorMemory.Entry(batch, i));
        }

        return device.type == TorchSharp.DeviceType.CPU ? batch : batch.to(device);
    }
}
