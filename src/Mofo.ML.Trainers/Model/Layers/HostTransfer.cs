using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Tensors made on the host on their way to where the network is.</summary>
internal static class HostTransfer
{
    /// <summary>The tensor on the device; itself where that is the CPU. For a GPU the copy is queued, and the host goes on at once.</summary>
    /// <remarks>
    /// From ordinary memory torch waits for the copy, and so for all work queued before it: a network would run dry at every small tensor. So the values go through pinned
    /// memory, which torch's allocator keeps until the copy is over. TorchSharp 0.107 has no streams: the copy has its turn among the network's operations.
    /// </remarks>
    public static Tensor SentTo(this Tensor host, Device device)
    {
        if (device.type == DeviceType.CPU)
        {
            return host;
        }

        using var pinned = host.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
