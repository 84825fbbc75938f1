using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Weights.Facts;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Applying;

/// <summary>A network as published weights have it, for scoring: encoder, pooling, and a norm and a head where there are any. Names are the original's.</summary>
/// <remarks>Clips [B,3,T,H,W] (seen), inside [B,N] bool (null where the fusion is None) -> features and class probabilities side by side, [B,C+K] float32.</remarks>
internal sealed class PublishedNetwork : nn.Module<SeenClips, RegionMask?, Tensor>
{
    [ComponentName(Name = "patch_embed")]
    private readonly TubeletEmbedding _embedding;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<TransformerBlock> _blocks;

    private readonly PublishedShape _shape;
    private readonly TokenRows _positions;
    private readonly ITokenPooling _pooling;
    private readonly LayerNorm? _norm;
    private readonly MixedLinear? _head;

    /// <param name="shape">What it is built from; weights are all 0 until they are read.</param>
    public PublishedNetwork(PublishedShape shape)
        : base(nameof(PublishedNetwork))
    {
        shape.Size.Validate();
        _shape = shape;
        var size = shape.Size;
        _positions = new TokenRows(this, size);
        _embedding = new TubeletEmbedding(size);
        _blocks = TransformerBlock.Stack(new BlockShape(size.EmbedDim, size.Heads, size.MlpRatio) { Epsilon = shape.NormEpsilon }, size.Depth);
        RegisterComponents();
        if (shape.HasNorm)
        {
            var isPooled = shape.Pooling == TokenPooling.MeanThenNorm;
            _norm = nn.LayerNorm(size.EmbedDim, isPooled ? shape.HeadNormEpsilon : shape.NormEpsilon);
            register_module(isPooled ? "fc_norm" : "norm", _norm);
        }

        if (shape.Classes > 0)
        {
            _head = new MixedLinear(size.EmbedDim, shape.Classes) { StaysFloat32 = true };
            register_module("head", _head);
        }

        var fusion = new ClassifierShape(Math.Max(shape.Classes, 1), shape.Fusion) { AsReleased = shape.ReleasedSoftAttention };
        _pooling = VideoClassifier.Build(fusion, VideoClassifier.FusionShape(size));
        foreach (var (name, part) in _pooling.Parts)
        {
            register_module(name, part);
        }
    }

    public override Tensor forward(SeenClips clips, RegionMask? inside)
    {
        using var scope = NewDisposeScope();
        var features = Features(clips, inside);
        return (_head is null ? features : cat([features, Logits(features).softmax(-1)], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>The vector that the head sees, [B,C] float32.</summary>
    public Tensor Features(SeenClips clips, RegionMask? inside)
    {
        using var scope = NewDisposeScope();
        var tokens = TransformerBlock.RunAll(_blocks, _embedding.call(clips.Values, null).Plus(_positions.At(null, clips.Values.device, _embedding.TokenType))); // [B,N,C]
        return Pooled(tokens.to(ScalarType.Float32), inside).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Scores before the softmax, [B,K] float32.</summary>
    public Tensor Logits(Tensor features) => (_head ?? throw new InvalidOperationException("This network has no head.")).call(features).to(ScalarType.Float32);

    private Tensor Pooled(Tensor tokens, RegionMask? inside) => _shape.Pooling switch
    {
        TokenPooling.NormThenMean => _norm!.call(tokens).mean([1]),
        TokenPooling.NormThenFirst => _norm!.call(tokens.select(1, 0)),
        TokenPooling.Mean => _pooling.Pool(tokens, inside),
        _ => _norm!.call(_pooling.Pool(tokens, inside)),
    };
}
