using System.Runtime.InteropServices;
using Mofo.ML.Distributed.NativeLibraries;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Distributed.Messages;

/// <summary>Sums of gradients straight between GPUs, through NCCL; MPI only brings the ranks together.</summary>
/// <remarks>
/// NOT TESTED WITH TWO GPUS: never more than one was available. NCCL works in CUDA's default stream, in which TorchSharp works too, so no operation needs a timed wait.
/// </remarks>
internal sealed class NcclSum : IDisposable
{
    private readonly nint _communicator;
    private readonly int _device;

    private NcclSum(nint communicator, int device) => (_communicator, _device) = (communicator, device);

    /// <summary>Joins the ranks; called by all. Null where NCCL cannot be used, with the reason.</summary>
    /// <param name="world">The processes.</param>
    /// <param name="device">This rank's GPU.</param>
    /// <param name="reason">Why not, the same on all ranks; empty where it can.</param>
    public static NcclSum? Join(MpiWorld world, int device, out string reason)
    {
        var places = world.Gather(NcclLibrary.IsThere ? Invariant($"{world.HostOf(world.Rank)} GPU {device}") : "");
        var without = places.Index().FirstOrDefault(place => place.Item.Length == 0, (Index: -1, Item: ""));
        reason = without.Index >= 0 ? $"{NcclLibrary.Nccl} or CUDA's runtime cannot be loaded by {world.Describe(without.Index)}"
            : places.Distinct().Count() < places.Count ? "two processes share a GPU"
            : "";
        if (reason.Length > 0)
        {
            return null;
        }

        // What can fail on one rank alone stands apart from what all ranks do together: a rank that failed would leave the others waiting.
        var id = world.Together(() =>
        {
            Check(NcclLibrary.SetDevice(device));
            NcclLibrary.UniqueId made = default;
            if (world.IsFirst)
            {
                Check(NcclLibrary.GetUniqueId(out made));
            }

            return made;
        });
        world.Broadcast(MemoryMarshal.AsBytes(new Span<NcclLibrary.UniqueId>(ref id)));
        var communicator = world.Together(() =>
        {
            Check(NcclLibrary.CommInitRank(out var joined, world.Size, id, world.Rank));
            return joined;
        });
        return new NcclSum(communicator, device);
    }

    /// <summary>Replaces every value by its sum over all ranks.</summary>
    /// <param name="values">Contiguous float32 on this rank's GPU.</param>
    /// <param name="bfloat16">Whether the values travel as bfloat16; NCCL then adds in bfloat16 too.</param>
    public void Run(Tensor values, bool bfloat16)
    {
        // Of this thread, which is not the one that trains.
        Check(NcclLibrary.SetDevice(_device));
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var sent = bfloat16 ? values.to(ScalarType.BFloat16) : values;
        var address = NcclLibrary.TensorAddress(sent.Handle);
        Check(NcclLibrary.AllReduce(address, address, (nuint)values.numel(), bfloat16 ? NcclLibrary.BFloat16 : NcclLibrary.Float32, NcclLibrary.Sum, _communicator, stream: 0));
        if (bfloat16)
        {
            _ = values.copy_(sent);
        }
    }

    public void Dispose() => _ = NcclLibrary.CommDestroy(_communicator);

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException(Invariant($"NCCL or CUDA reports error {code}: {Marshal.PtrToStringUTF8(NcclLibrary.GetErrorString(code))}."));
        }
    }
}
