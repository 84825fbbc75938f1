using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>The ways to compute attention. All give softmax(q k' / sqrt(d)) v; they differ in speed and rounding.</summary>
internal enum AttentionWay
{
    /// <summary>libtorch's scaled_dot_product_attention: float32 on a CPU, and every type on a GPU.</summary>
    Fused,

    /// <summary>Product, softmax, product over the whole batch: bfloat16 on a CPU.</summary>
    Plain,

    /// <summary>Some samples at a time with a softmax in place and a gradient of its own (<see cref="PackedAttention"/>): self-attention in bfloat16 on a CPU with AVX-512.</summary>
    Packed,
}

/// <summary>The only place that chooses between the ways, by what was measured.</summary>
internal static class AttentionWays
{
    /// <summary>The way for queries, keys and values that lie apart, [B,N,C] each; a mask may be given.</summary>
    /// <remarks>libtorch's fused CPU kernel gains nothing from AVX512-BF16; the plain products run 2.5 times faster there.</remarks>
    public static AttentionWay ForSeparate(Tensor queries) =>
        queries.dtype == ScalarType.BFloat16 && queries.device_type == DeviceType.CPU ? AttentionWay.Plain : AttentionWay.Fused;

    /// <summary>The way for packed queries, keys and values of self-attention, [B,N,3C], without a mask.</summary>
    public static AttentionWay ForPacked(Tensor packed) =>
        PackedAttention.Fits(packed) ? AttentionWay.Packed : ForSeparate(packed);
}
