using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model;

/// <summary>Predicts the pixels of the last M tokens from all tokens. [B,V+M,D], M -> [B,M,P].</summary>
internal sealed class MaskedDecoder : nn.Module<Tensor, long, Tensor>
{
    [ComponentName(Name = "blocks")]
    private readonly ModuleList<TransformerBlock> _blocks;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "head")]
    private readonly MixedLinear _head;

    public MaskedDecoder(VitConfig config)
        : base(nameof(MaskedDecoder))
    {
        _blocks = TransformerBlock.Stack(new BlockShape(config.DecoderDim, config.DecoderHeads, config.MlpRatio), config.DecoderDepth);
        _norm = nn.LayerNorm(config.DecoderDim, BlockShape.NormEpsilon);
        _head = new MixedLinear(config.DecoderDim, config.PixelsPerToken);
        RegisterComponents();
    }

    /// <summary>Runs the blocks on all tokens and the head on the last <paramref name="predicted"/>; disposes the tokens given.</summary>
    public override Tensor forward(Tensor tokens, long predicted)
    {
        using var scope = NewDisposeScope();
        var mixed = TransformerBlock.RunAll(_blocks, tokens);
        var last = mixed.narrow(1, mixed.shape[1] - predicted, predicted); // [B,M,D]
        return _head.call(_norm.call(last)).MoveToOuterDisposeScope();
    }
}
