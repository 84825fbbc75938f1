using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Layer norm of tokens in whatever type they flow; statistics are taken in float32.</summary>
internal static class TokenNorm
{
    /// <summary>[..,C] for a product in the given type; the type of the result is it or that of the tokens, whichever is made with less work.</summary>
    public static Tensor For(ScalarType product, LayerNorm norm, Tensor tokens, double epsilon) =>
        product == ScalarType.BFloat16 && NormKernel.Fits(tokens) ? RoundedNorm.Of(tokens, norm.weight!, norm.bias!, epsilon) : Of(norm, tokens, epsilon);

    /// <summary>[..,C] to the same shape and type. A GPU has no kernel for tokens in bfloat16 with weights in float32, so the weights take the tokens' type.</summary>
    public static Tensor Of(LayerNorm norm, Tensor tokens, double epsilon)
    {
        if (tokens.dtype == ScalarType.Float32)
        {
            return norm.call(tokens);
        }

        using var scope = NewDisposeScope();
        return nn.functional.layer_norm(tokens, [tokens.shape[^1]], norm.weight!.to(tokens.dtype), norm.bias!.to(tokens.dtype), epsilon).MoveToOuterDisposeScope();
    }
}
