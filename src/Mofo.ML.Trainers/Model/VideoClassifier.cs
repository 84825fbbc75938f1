using Mofo.ML.Research;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model;

/// <summary>What a classifier is built from, besides the size of its encoder.</summary>
/// <param name="Classes">Number of classes (K).</param>
/// <param name="Fusion">How tokens become one vector.</param>
internal sealed record ClassifierShape(int Classes, MotionFusion Fusion)
{
    /// <summary>Chance to drop the last block's branches in training; falls linearly to 0 at the first.</summary>
    public double DropPath { get; init; }

    /// <summary>Chance to drop a value of the vector that the head sees, in training.</summary>
    public double HeadDropout { get; init; }

    /// <summary>Factor on the head's starting weights; the original's 0.001 makes the first scores equal.</summary>
    public double HeadScale { get; init; } = 0.001;

    /// <summary>How the linear layers' weights are drawn.</summary>
    public WeightStart Start { get; init; } = WeightStart.TruncatedNormal;

    /// <summary>True to compute SoftAttention as the released code does (docs/model-quirks.md).</summary>
    public bool AsReleased { get; init; }
}

/// <summary>Encoder without final norm, pooling of the tokens (by motion box or not), norm, linear head. Names are the original's.</summary>
/// <remarks>
/// Clips [B,3,T,H,W], inside [B,N] bool (see <see cref="TokenRegions"/>; null where the pooling needs no boxes) -> logits [B,K] float32.
/// </remarks>
internal sealed class VideoClassifier : nn.Module<SeenClips, RegionMask?, Tensor>, IRandomLayer
{
    /// <summary>Heads of the fusion's cross-attention in the original.</summary>
    private const int FusionHeads = 3;

    [ComponentName(Name = "patch_embed")]
    private readonly TubeletEmbedding _embedding;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<TransformerBlock> _blocks;

    [ComponentName(Name = "fc_norm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "head")]
    private readonly MixedLinear _head;

    private readonly RandomDrop _headDropout;
    private readonly TokenRows _positions;
    private readonly ITokenPooling _pooling;

    /// <param name="config">Sizes.</param>
    /// <param name="shape">Classes, fusion, drop path.</param>
    /// <param name="generator">Source of the starting weights; null leaves zeros, for weights that are read next.</param>
    public VideoClassifier(VitConfig config, ClassifierShape shape, Generator? generator)
        : base(nameof(VideoClassifier))
    {
        config.Validate();
        if (shape.Classes < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(shape), shape.Classes, Invariant($"Classes is {shape.Classes}; it must be at least 1."));
        }

        var block = new BlockShape(config.EmbedDim, config.Heads, config.MlpRatio);
        _positions = new TokenRows(this, config);
        _embedding = new TubeletEmbedding(config);
        _blocks = TransformerBlock.Stack(block, config.Depth, shape.DropPath);
        _norm = nn.LayerNorm(config.EmbedDim, BlockShape.NormEpsilon);
        _headDropout = new RandomDrop(shape.HeadDropout);
        _head = new MixedLinear(config.EmbedDim, shape.Classes) { StaysFloat32 = true };
        RegisterComponents();

        _pooling = Build(shape, FusionShape(config));
        foreach (var (name, part) in _pooling.Parts)
        {
            register_module(name, part);
        }

        if (generator is not null)
        {
            WeightInit.Draw(this, shape.Start, generator);
            _pooling.Draw(generator);
            using var frozen = no_grad();
            _ = _head.Weight.mul_(KeptScalar.Of(shape.HeadScale));
        }
    }

    public void Reseed(Random random, BatchShare? share) => (_headDropout.Random, _headDropout.Share) = (random, share);

    public override Tensor forward(SeenClips clips, RegionMask? inside)
    {
        using var scope = NewDisposeScope();
        return Scores(Features(clips, inside)).MoveToOuterDisposeScope();
    }

    /// <summary>The vector that the head sees, [B,C] float32.</summary>
    public Tensor Features(SeenClips clips, RegionMask? inside)
    {
        using var scope = NewDisposeScope();
        return Pooled(Tokens(clips), inside).MoveToOuterDisposeScope();
    }

    /// <summary>The tokens after the last block, [B,N,C] float32.</summary>
    public Tensor Tokens(SeenClips clips)
    {
        using var scope = NewDisposeScope();
        var tokens = _embedding.call(clips.Values, null).Plus(_positions.At(null, clips.Values.device, _embedding.TokenType)); // [B,N,C]
        return TransformerBlock.RunAll(_blocks, tokens).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>From the tokens of the last block on: [B,N,C], [B,N] bool -> logits [B,K].</summary>
    public Tensor Classify(Tensor tokens, RegionMask? inside)
    {
        using var scope = NewDisposeScope();
        return Scores(Pooled(tokens, inside)).MoveToOuterDisposeScope();
    }

    /// <summary>How much each token counts in the fusion, [B,N], adding up to 1.</summary>
    public Tensor FusionWeights(Tensor tokens, Tensor inside) => _pooling.Weights(tokens, inside);

    private Tensor Scores(Tensor features)
    {
        using var scope = NewDisposeScope();
        return _head.call(_headDropout.OfValues(features, training)).MoveToOuterDisposeScope();
    }

    private Tensor Pooled(Tensor tokens, RegionMask? inside)
    {
        using var scope = NewDisposeScope();
        return _norm.call(_pooling.Pool(tokens, inside)).MoveToOuterDisposeScope();
    }

    /// <summary>Size of the cross-attention of fusion and pooling. Three heads as in the original; widths that three does not divide (large, huge) take the encoder's.</summary>
    internal static BlockShape FusionShape(VitConfig config) =>
        new(config.EmbedDim, config.EmbedDim % FusionHeads == 0 ? FusionHeads : config.Heads, config.MlpRatio);

    internal static ITokenPooling Build(ClassifierShape shape, BlockShape fusion) => shape.Fusion switch
    {
        MotionFusion.None => new MeanPooling(),
        MotionFusion.WeightedMean => new WeightedMeanFusion(),
        MotionFusion.SoftAttention => new SoftAttentionFusion(fusion.Width, shape.AsReleased),
        MotionFusion.MultiHeadCrossAttention => new CrossAttentionFusion(fusion),
        MotionFusion.AttentivePooling => new AttentivePooling(fusion),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape.Fusion, $"Fusion is {shape.Fusion}; it must be one of {string.Join(", ", Enum.GetNames<MotionFusion>())}."),
    };
}
