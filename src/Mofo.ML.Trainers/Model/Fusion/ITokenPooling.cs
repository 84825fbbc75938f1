using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>Turns the tokens of clips into one vector each.</summary>
internal interface ITokenPooling
{
    /// <summary>The parts with weights and their names: the original's where the original has them.</summary>
    IEnumerable<(string Name, nn.Module Part)> Parts { get; }

    /// <summary>[B,N,C] float32, [B,N] bool (the tokens inside the motion box; null where unknown) -> [B,C]. All clips at once.</summary>
    Tensor Pool(Tensor tokens, RegionMask? inside);

    /// <summary>How much each token counts in the vector, to be looked at: [B,N,C], [B,N] bool -> [B,N], at least 0, adding up to 1.</summary>
    Tensor Weights(Tensor tokens, Tensor inside);

    /// <summary>Draws the starting values of parameters that belong to no layer.</summary>
    void Draw(Generator generator)
    {
    }
}

/// <summary>The mean of all tokens: VideoMAE's classifier.</summary>
internal sealed class MeanPooling : ITokenPooling
{
    public IEnumerable<(string Name, nn.Module Part)> Parts => [];

    public Tensor Pool(Tensor tokens, RegionMask? inside) => tokens.mean([1]);

    public Tensor Weights(Tensor tokens, Tensor inside) => TokenMeans.Shares(ones_like(inside));
}
