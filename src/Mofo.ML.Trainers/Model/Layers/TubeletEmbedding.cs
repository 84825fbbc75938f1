using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Seen values to tokens: the original's strided 3-D convolution as a cut and one matrix product, so that hidden tokens cost nothing.</summary>
/// <remarks>The weight keeps the convolution's name and shape, [C,3,f,y,x]. [B,3,T,H,W] -> [B,N,C], or [B,V,C] for given tokens.</remarks>
internal sealed class TubeletEmbedding : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "proj")]
    private readonly MixedLinear _projection;

    private readonly VitConfig _config;

    public TubeletEmbedding(VitConfig config)
        : base(nameof(TubeletEmbedding))
    {
        _config = config;
        _projection = new MixedLinear([config.EmbedDim, 3, config.TubeletSize, config.PatchSize, config.PatchSize]);
        RegisterComponents();
    }

    public MixedLinear Projection => _projection;

    /// <summary>The type that tokens have between the blocks of the network: Float32, or that of the products (<see cref="Training.Compute.ComputeTypes"/>).</summary>
    public ScalarType TokenType { get; set; } = ScalarType.Float32;

    public override Tensor forward(Tensor seen, Tensor? tokens)
    {
        using var scope = NewDisposeScope();
        return _projection.call(Tubelets.Cut(seen, _config, tokens, TubeletOrder.ChannelFirst)).MoveToOuterDisposeScope();
    }
}
