using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Values of contiguous CPU tensors without a copy. TorchSharp's <c>bytes</c> ends at 2 GiB, so only parts of a tensor are asked for them.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Address of the first value, of a tensor of any size with at least one value; valid as long as the tensor lives.</summary>
    public static nint Address(Tensor tensor)
    {
        if (tensor.numel() * tensor.element_size() <= int.MaxValue)
        {
            return Start(tensor);
        }

        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return Start(first);
    }

    /// <summary>The float32 values of one entry of the first axis: of a batch, one clip. Valid as long as the tensor lives.</summary>
    public static Span<float> Entry(Tensor tensor, int index)
    {
        using var entry = tensor.select(0, index);
        return MemoryMarshal.Cast<byte, float>(entry.bytes);
    }

    /// <summary>All bytes of a tensor of at most 2 GiB. Valid as long as the tensor lives.</summary>
    public static Span<byte> Bytes(Tensor tensor) => new((void*)Address(tensor), checked((int)(tensor.numel() * tensor.element_size())));

    private static nint Start(Tensor tensor) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
