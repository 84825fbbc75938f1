using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Distributed.Messages;

/// <summary>Sums of gradients that travel as bfloat16: half the bytes.</summary>
/// <remarks>
/// Each value is rounded twice whatever the number of ranks: when it leaves, and when its sum does. The sums themselves are in float32: rank r adds up piece r of all ranks, in the order
/// of the ranks, and sends the result to all, so all have the same bits.
/// </remarks>
internal static class BFloat16Sum
{
    /// <summary>Replaces every value by its sum over all ranks.</summary>
    /// <param name="collectives">The ranks.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="values">Contiguous float32 in memory.</param>
    public static void Run(Collectives collectives, int size, Tensor values)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var piece = (values.numel() + size - 1) / size;
        var sent = zeros(size * piece, ScalarType.BFloat16);
        _ = sent.narrow(0, 0, values.numel()).copy_(values);
        var received = empty([size, piece], ScalarType.BFloat16);
        var bytes = checked((int)(piece * sizeof(short)));
        collectives.Exchange(TensorMemory.Address(sent), TensorMemory.Address(received), bytes);
        // The axis as an array: a bare 0 would be treated as the number type.
        var sum = received.to(ScalarType.Float32).sum([0L]).to(ScalarType.BFloat16);
        collectives.Collect(TensorMemory.Address(sum), TensorMemory.Address(sent), bytes);
        _ = values.copy_(sent.narrow(0, 0, values.numel()));
    }
}
