using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary><see cref="NormKernel"/> with its gradient: layer norm of float32 tokens for a product in bfloat16.</summary>
internal sealed class RoundedNorm : autograd.SingleTensorFunction<RoundedNorm>
{
    private const string AddedToVariance = "epsilon";

    public override string Name => nameof(RoundedNorm);

    /// <summary>[..,C] float32 -> bfloat16; weight and bias [C] float32.</summary>
    public static Tensor Of(Tensor tokens, Tensor weight, Tensor bias, double epsilon) =>
        is_grad_enabled() && (tokens.requires_grad || weight.requires_grad) ? apply(tokens, weight, bias, epsilon) : NormKernel.Forward(tokens, weight, bias, epsilon);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var (tokens, weight, bias, epsilon) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (double)vars[3]);
        ctx.save_data(AddedToVariance, epsilon);
        ctx.save_for_backward([tokens, weight]);
        return NormKernel.Forward(tokens, weight, bias, epsilon);
    }

    public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var scope = NewDisposeScope();
        HandedGradients.Release();
        var saved = ctx.get_saved_variables();
        var (tokens, weight, bias) = NormKernel.Backward(grad_output.contiguous(), saved[0], saved[1], (double)ctx.get_data(AddedToVariance));
        HandedGradients.Keep(tokens, weight, bias);
        grad_output.Dispose();
        saved[0].Dispose();
        saved[1].Dispose();
        return [tokens, weight, bias, null];
    }
}
