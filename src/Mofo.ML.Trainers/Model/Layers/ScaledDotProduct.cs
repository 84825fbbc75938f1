using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>The only attention of the solution: softmax(q k' / sqrt(d)) v per head.</summary>
internal static class ScaledDotProduct
{
    /// <summary>Self-attention: packed queries, keys, values [B,N,3C] -> [B,N,C], in their type.</summary>
    public static Tensor Attend(Tensor packed, int heads)
    {
        if (AttentionWays.ForPacked(packed) == AttentionWay.Packed)
        {
            return PackedAttention.Attend(packed, heads);
        }

        using var scope = NewDisposeScope();
        var parts = packed.chunk(3, -1);
        return Attend(parts[0], parts[1], parts[2], heads).MoveToOuterDisposeScope();
    }

    /// <summary>[B,Nq,C], [B,Nk,C], [B,Nk,C] -> [B,Nq,C], in the type of the queries.</summary>
    /// <param name="queries">[B,Nq,C].</param>
    /// <param name="keys">[B,Nk,C].</param>
    /// <param name="values">[B,Nk,C].</param>
    /// <param name="heads">Heads; C is a multiple.</param>
    /// <param name="keyMask">[B,1,1,Nk] bool, true where a key takes part; null for all. Each sample needs at least one.</param>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values, int heads, Tensor? keyMask = null)
    {
        using var scope = NewDisposeScope();
        var q = SplitHeads(queries, heads);
        var k = SplitHeads(keys, heads);
        var v = SplitHeads(values, heads);
        var mixed = AttentionWays.ForSeparate(queries) == AttentionWay.Plain ? Plain(q, k, v, keyMask) : nn.functional.scaled_dot_product_attention(q, k, v, keyMask!);
        return mixed.transpose(1, 2).reshape(queries.shape).MoveToOuterDisposeScope(); // [B,Nq,C]
    }

    /// <summary>softmax(q k' / sqrt(d)) alone, to be looked at: [B,Nq,C], [B,Nk,C] -> [B,heads,Nq,Nk] float32.</summary>
    public static Tensor Weights(Tensor queries, Tensor keys, int heads, Tensor? keyMask)
    {
        using var scope = NewDisposeScope();
        var q = SplitHeads(queries.to(ScalarType.Float32), heads);
        var scores = matmul(q.mul(KeptScalar.Of(1 / Math.Sqrt(q.shape[^1]))), SplitHeads(keys.to(ScalarType.Float32), heads).transpose(-2, -1));
        return nn.functional.softmax(Masked(scores, keyMask), -1).MoveToOuterDisposeScope();
    }

    private static Tensor SplitHeads(Tensor tokens, int heads) =>
        tokens.unflatten(2, heads, tokens.shape[2] / heads).transpose(1, 2); // [B,N,C] -> [B,h,N,d]

    /// <summary>Minus infinity where a key takes no part.</summary>
    private static Tensor Masked(Tensor scores, Tensor? keyMask) =>
        keyMask is null ? scores : scores.masked_fill(keyMask.logical_not(), KeptScalar.Of(double.NegativeInfinity));

    private static Tensor Plain(Tensor q, Tensor k, Tensor v, Tensor? keyMask)
    {
        using var scope = NewDisposeScope();
        var scores = matmul(q.mul(KeptScalar.Of(1 / Math.Sqrt(q.shape[^1]))), k.transpose(-2, -1)); // [B,h,Nq,Nk]
        scores = Masked(scores, keyMask);
        var weights = nn.functional.softmax(scores, -1);
        scores.Dispose(); // the largest tensor of the block: freed before the next one of its size is made
        return matmul(weights, v).MoveToOuterDisposeScope();
    }
}
