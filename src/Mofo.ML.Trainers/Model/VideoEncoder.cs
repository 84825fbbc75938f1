using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model;

/// <summary>The encoder of pretraining: visible tokens of a clip to their embeddings, final norm included.</summary>
/// <remarks>Clips [B,3,T,H,W] and visible token indices [B,V] int64, or null for all N -> [B,V,C] in <see cref="TokenType"/>.</remarks>
internal sealed class VideoEncoder : nn.Module<SeenClips, Tensor?, Tensor>
{
    [ComponentName(Name = "patch_embed")]
    private readonly TubeletEmbedding _embedding;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<TransformerBlock> _blocks;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    private readonly TokenRows _positions;

    public VideoEncoder(VitConfig config)
        : base(nameof(VideoEncoder))
    {
        _positions = new TokenRows(this, config);
        _embedding = new TubeletEmbedding(config);
        _blocks = TransformerBlock.Stack(new BlockShape(config.EmbedDim, config.Heads, config.MlpRatio), config.Depth);
        _norm = nn.LayerNorm(config.EmbedDim, BlockShape.NormEpsilon);
        RegisterComponents();
    }

    /// <summary>Type of the tokens.</summary>
    public ScalarType TokenType => _embedding.TokenType;

    public override Tensor forward(SeenClips clips, Tensor? visible)
    {
        using var scope = NewDisposeScope();
        var tokens = _embedding.call(clips.Values, visible).Plus(_positions.At(visible, clips.Values.device, TokenType)); // [B,V,C]
        return TokenNorm.Of(_norm, TransformerBlock.RunAll(_blocks, tokens), BlockShape.NormEpsilon).MoveToOuterDisposeScope();
    }
}
