using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Reference;

/// <summary>Strided 3-D convolution over the whole clip, positions added to every token. [B,3,T,H,W] -> [B,N,C].</summary>
internal sealed class ReferenceEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Conv3d proj;
    private readonly Tensor _positions;

    public ReferenceEmbedding(VitConfig config)
        : base(nameof(ReferenceEmbedding))
    {
        var step = (config.TubeletSize, config.PatchSize, config.PatchSize);
        proj = nn.Conv3d(3, config.EmbedDim, step, stride: step);
        _positions = ReferencePositions.Table(config.TokenGrid, config.EmbedDim);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var tokens = proj.call(pixels).flatten(2).transpose(1, 2);
        return tokens.Plus(_positions.to(tokens.device).expand(tokens.shape[0], -1, -1).clone()).MoveToOuterDisposeScope();
    }
}

/// <summary>Sine-cosine positions, [1,N,C].</summary>
internal static class ReferencePositions
{
    public static Tensor Table(TokenGrid grid, int width) => tensor(SinusoidPositions.Values(grid, grid, width), [1, grid.Tokens, width]).DetachFromDisposeScope();
}
