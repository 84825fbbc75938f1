using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Reference;

/// <summary>Masked autoencoder that embeds every token and then picks the visible ones by a boolean mask. [B,3,T,H,W], [B,N] bool -> [B,M,P].</summary>
internal sealed class ReferenceAutoencoder : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ReferenceEmbedding patch_embed;
    private readonly ModuleList<ReferenceBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear encoder_to_decoder;
    private readonly Parameter mask_token;
    private readonly ModuleList<ReferenceBlock> decoder_blocks;
    private readonly LayerNorm decoder_norm;
    private readonly Linear head;
    private readonly Tensor _positions;
    private readonly VitConfig _config;

    public ReferenceAutoencoder(VitConfig config)
        : base(nameof(ReferenceAutoencoder))
    {
        _config = config;
        patch_embed = new ReferenceEmbedding(config);
        blocks = ReferenceBlock.Stack(config.Depth, config.EmbedDim, config.Heads);
        norm = nn.LayerNorm(config.EmbedDim, 1e-6);
        encoder_to_decoder = nn.Linear(config.EmbedDim, config.DecoderDim, hasBias: false);
        mask_token = new Parameter(zeros(1, 1, config.DecoderDim));
        decoder_blocks = ReferenceBlock.Stack(config.DecoderDepth, config.DecoderDim, config.DecoderHeads);
        decoder_norm = nn.LayerNorm(config.DecoderDim, 1e-6);
        head = nn.Linear(config.DecoderDim, config.PixelsPerToken);
        _positions = ReferencePositions.Table(config.TokenGrid, config.DecoderDim);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixels, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var seen = encoder_to_decoder.call(Encoded(pixels, mask));
        var (all, masked) = DecoderInput(seen, mask);
        seen.Dispose();
        var mixed = ReferenceBlock.RunAll(decoder_blocks, all);
        var last = mixed.narrow(1, mixed.shape[1] - masked, masked);
        return head.call(decoder_norm.call(last)).MoveToOuterDisposeScope();
    }

    private Tensor Encoded(Tensor pixels, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var tokens = patch_embed.call(pixels);
        var visible = tokens[mask.logical_not()].reshape(pixels.shape[0], -1, _config.EmbedDim);
        tokens.Dispose();
        return norm.call(ReferenceBlock.RunAll(blocks, visible)).MoveToOuterDisposeScope();
    }

    private (Tensor All, long Masked) DecoderInput(Tensor seen, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var positions = _positions.to(seen.device).expand(seen.shape[0], -1, -1).clone();
        var ofSeen = positions[mask.logical_not()].reshape(seen.shape[0], -1, _config.DecoderDim);
        var ofHidden = positions[mask].reshape(seen.shape[0], -1, _config.DecoderDim);
        var all = cat([seen.Plus(ofSeen), mask_token.Plus(ofHidden)], 1);
        return (all.MoveToOuterDisposeScope(), ofHidden.shape[1]);
    }
}
