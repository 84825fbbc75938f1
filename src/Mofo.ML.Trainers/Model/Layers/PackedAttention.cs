using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Self-attention in bfloat16 on a CPU as products and an in-place softmax, some samples at a time, with a gradient of its own.</summary>
/// <remarks>
/// libtorch's fused CPU kernel gains nothing from bfloat16 products. Autograd's own way through the plain products scales, copies and adds whole tensors between them and holds scores and
/// weights at once; here the weights lie where the scores lay, and the gradient is written where it belongs.
/// </remarks>
internal sealed class PackedAttention : autograd.SingleTensorFunction<PackedAttention>
{
    private const string HeadCount = "heads";
    private const int Parts = 3; // queries, keys, values

    /// <summary>Bytes of scores that are made at a time, by as many samples as fit, one at least: what stays in a processor's cache.</summary>
    private const long GroupBytes = 1 << 20;

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
        var saved = new List<Tensor>();
        var mixed = Forward(packed, heads, saved);
        ctx.save_data(HeadCount, heads);
        ctx.save_for_backward([.. saved.Select(tensor => tensor.MoveToOuterDisposeScope())]);
        return mixed.MoveToOuterDisposeScope();
    }

    public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var scope = NewDisposeScope();
        HandedGradients.Release();
        var heads = (int)ctx.get_data(HeadCount);
        var saved = ctx.get_saved_variables(); // parts and weights of each group
        var output = grad_output.contiguous();
        var (batch, count, width) = (output.shape[0], output.shape[1], output.shape[2]);
        var gradient = empty([batch, count, Parts * width], output.dtype);
        var first = 0L;
        for (var group = 0; group < saved.Count; group += 2)
        {
            Backward(saved[group], saved[group + 1], output, gradient, first, heads);
            first += saved[group + 1].shape[0] / heads;
            saved[group].Dispose();
            saved[group + 1].Dispose();
        }

        HandedGradients.Keep(gradient);
        grad_output.Dispose();
        return [gradient, null];
    }

    private static Tensor Forward(Tensor packed, int heads, List<Tensor>? saved)
    {
        var (batch, count, width) = (packed.shape[0], packed.shape[1], packed.shape[2] / Parts);
        var mixed = empty([batch, count, width], packed.dtype, packed.device);
        var samples = Math.Clamp(GroupBytes / (heads * count * count * packed.element_size()), 1, batch);
        for (var first = 0L; first < batch; first += samples)
        {
            using var scope = NewDisposeScope();
            var parts = HeadLayout.Split(packed, first, Math.Min(samples, batch - first), Parts, heads); // [3,G*h,N,d]
            var (q, k, v) = (parts[0], parts[1], parts[2]);
            var scores = bmm(q, k.transpose(-2, -1)); // [G*h,N,N]
            SoftmaxKernel.Softmax(scores, Scale(q));
            HeadLayout.Merge(bmm(scores, v), mixed, first, (0, 1), heads);
            saved?.Add(parts.MoveToOuterDisposeScope());
            saved?.Add(scores.MoveToOuterDisposeScope());
        }

        return mixed;
    }

    private static void Backward(Tensor parts, Tensor weights, Tensor output, Tensor gradient, long first, int heads)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (parts[0], parts[1], parts[2]);
        var mixed = HeadLayout.Split(output, first, weights.shape[0] / heads, 1, heads)[0]; // [G*h,N,d]
        HeadLayout.Merge(bmm(weights.transpose(-2, -1), mixed), gradient, first, (2, Parts), heads);
        var scores = bmm(mixed, v.transpose(-2, -1)); // [G*h,N,N]: gradient of the weights, then of the scores
        SoftmaxKernel.Gradient(weights, scores, Scale(q));
        HeadLayout.Merge(bmm(scores, k), gradient, first, (0, Parts), heads);
        HeadLayout.Merge(bmm(scores.transpose(-2, -1), q), gradient, first, (1, Parts), heads);
    }

    private static float Scale(Tensor q) => 1 / MathF.Sqrt(q.shape[^1]);
}
