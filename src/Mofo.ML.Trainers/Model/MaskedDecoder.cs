using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model;

/// <summary>Predicts the hidden values of the last M tokens from all tokens. [B,N,D], M -> [B,M,V].</summary>
internal sealed class MaskedDecoder : nn.Module<Tensor, long, Tensor>
{
    [ComponentName(Name = "blocks")]
    private readonly ModuleList<TransformerBlock> _blocks;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "head")]
    private readonly MixedLinear _head;

    /// <param name="config">Sizes.</param>
    /// <param name="valuesPerToken">Values that are predicted of one token (V).</param>
    public MaskedDecoder(VitConfig config, int valuesPerToken)
        : base(nameof(MaskedDecoder))
    {
        _blocks = TransformerBlock.Stack(new BlockShape(config.DecoderDim, config.DecoderHeads, config.MlpRatio), config.DecoderDepth);
        _norm = nn.LayerNorm(config.DecoderDim, BlockShape.NormEpsilon);
        _head = new MixedLinear(config.DecoderDim, valuesPerToken);
        RegisterComponents();
    }

    /// <summary>Runs the blocks on all tokens and the head on the last <paramref name="predicted"/>; disposes the tokens given.</summary>
    public override Tensor forward(Tensor tokens, long predicted)
    {
        using var scope = NewDisposeScope();
        var mixed = TransformerBlock.RunAll(_blocks, tokens);
        var last = mixed.narrow(1, mixed.shape[1] - predicted, predicted).contiguous(); // [B,M,D]
        return _head.call(TokenNorm.For(_head.ComputeType, _norm, last, BlockShape.NormEpsilon)).MoveToOuterDisposeScope();
    }
}
