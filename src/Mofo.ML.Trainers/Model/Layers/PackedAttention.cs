using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Self-attention in bfloat16 on a CPU as products and an in-place softmax, one sample at a time, with a gradient of its own.</summary>
/// <remarks>
/// libtorch's fused CPU kernel gains nothing from bfloat16 products. Autograd's own way through the plain products holds scores and weights
/// at once and splits and joins q, k and v; here the weights lie where the scores lay, and the gradient is written where it belongs.
/// </remarks>
internal sealed class PackedAttention : autograd.SingleTensorFunction<PackedAttention>
{
    private const string HeadCount = "heads";

    /// <summary>What the last backward pass of this thread handed to autograd: TorchSharp leaves these handles to the collector.</summary>
    [ThreadStatic]
    private static Tensor? _handedOver;

    public override string Name => nameof(PackedAttention);

    /// <summary>Whether it can be computed so at all; whether it should be is <see cref="AttentionWays"/>'s to say.</summary>
    public static bool Fits(Tensor packed) => SoftmaxKernel.Fits(packed);

    /// <summary>Packed queries, keys, values [B,N,3C] -> [B,N,C].</summary>
    public static Tensor Attend(Tensor packed, int heads)
    {
        if (is_grad_enabled() && packed.requires_grad)
        {
            return apply(packed, heads);
        }

        using var scope = NewDisposeScope();
        return Forward(packed, heads, null).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var scope = NewDisposeScope();
        var (packed, heads) = ((Tensor)vars[0], (int)vars[1]);
        var weights = new List<Tensor>();
        var mixed = Forward(packed, heads, weights);
        ctx.save_data(HeadCount, heads);
        ctx.save_for_backward([packed, .. weights.Select(w => w.MoveToOuterDisposeScope())]);
        return mixed.MoveToOuterDisposeScope();
    }

    public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var scope = NewDisposeScope();
        _handedOver?.Dispose();
        var heads = (int)ctx.get_data(HeadCount);
        var saved = ctx.get_saved_variables();
        var gradient = empty_like(saved[0]);
        for (var sample = 0; sample < gradient.shape[0]; sample++)
        {
            Backward(Parts(saved[0], sample, heads), Parts(gradient, sample, heads), saved[sample + 1], Heads(grad_output[sample], heads));
            saved[sample + 1].Dispose();
        }

        _handedOver = gradient.DetachFromDisposeScope();
        grad_output.Dispose();
        return [gradient, null];
    }

    private static Tensor Forward(Tensor packed, int heads, List<Tensor>? weights)
    {
        var (batch, count, width) = (packed.shape[0], packed.shape[1], packed.shape[2] / 3);
        var mixed = empty([batch, count, width], packed.dtype, packed.device);
        for (var sample = 0; sample < batch; sample++)
        {
            using var scope = NewDisposeScope();
            var (q, k, v) = Parts(packed, sample, heads);
            var scores = matmul(q, k.transpose(-2, -1)); // [h,N,N]
            SoftmaxKernel.Softmax(scores, Scale(q));
            _ = Heads(mixed[sample], heads).copy_(matmul(scores, v));
            weights?.Add(scores.MoveToOuterDisposeScope());
        }

        return mixed;
    }

    private static void Backward((Tensor Q, Tensor K, Tensor V) parts, (Tensor Q, Tensor K, Tensor V) gradients, Tensor weights, Tensor output)
    {
        using var scope = NewDisposeScope();
        _ = gradients.V.copy_(matmul(weights.transpose(-2, -1), output));
        var scores = matmul(output, parts.V.transpose(-2, -1)); // [h,N,N]: gradient of the weights, then of the scores
        SoftmaxKernel.Gradient(weights, scores, Scale(parts.Q));
        _ = gradients.Q.copy_(matmul(scores, parts.K));
        _ = gradients.K.copy_(matmul(scores.transpose(-2, -1), parts.Q));
    }

    private static float Scale(Tensor q) => 1 / MathF.Sqrt(q.shape[^1]);

    /// <summary>Views of one sample's queries, keys and values, [h,N,d] each.</summary>
    private static (Tensor Q, Tensor K, Tensor V) Parts(Tensor packed, int sample, int heads)
    {
        var parts = packed[sample].chunk(3, -1);
        return (Heads(parts[0], heads), Heads(parts[1], heads), Heads(parts[2], heads));
    }

    private static Tensor Heads(Tensor tokens, int heads) => tokens.unflatten(1, heads, tokens.shape[1] / heads).transpose(0, 1); // [N,C] -> [h,N,d]
}
