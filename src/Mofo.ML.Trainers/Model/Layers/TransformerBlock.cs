using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Sizes of a transformer block.</summary>
/// <param name="Width">Width of a token (C), a multiple of <paramref name="Heads"/>.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="MlpRatio">Hidden width over width.</param>
internal readonly record struct BlockShape(int Width, int Heads, double MlpRatio)
{
    /// <summary>Added to the variance by every layer norm of the original.</summary>
    public const double NormEpsilon = 1e-6;

    /// <summary>Added to the variance by the norms of this block: the original's, unless weights of others bring theirs.</summary>
    public double Epsilon { get; init; } = NormEpsilon;

    public int Hidden => (int)(Width * MlpRatio);
}

/// <summary>Pre-norm transformer block: x + attention(norm(x)), then x + mlp(norm(x)). [B,N,C] -> [B,N,C] in the type of the tokens.</summary>
/// <remarks>On a CPU tokens and norms stay in float32 whatever type the products run in; on a GPU, which waits for memory, they take the products' type (<see cref="TubeletEmbedding.TokenType"/>).</remarks>
internal sealed class TransformerBlock : nn.Module<Tensor, Tensor>, IRandomLayer
{
    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attn")]
    private readonly SelfAttention _attention;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _mlpNorm;

    [ComponentName(Name = "mlp")]
    private readonly Mlp _mlp;

    private readonly RandomDrop _dropPath;
    private readonly double _epsilon;

    public TransformerBlock(BlockShape shape, double dropPath = 0)
        : base(nameof(TransformerBlock))
    {
        _dropPath = new RandomDrop(dropPath);
        _epsilon = shape.Epsilon;
        _attentionNorm = nn.LayerNorm(shape.Width, shape.Epsilon);
        _attention = new SelfAttention(shape.Width, shape.Heads);
        _mlpNorm = nn.LayerNorm(shape.Width, shape.Epsilon);
        _mlp = new Mlp(shape.Width, shape.Hidden);
        RegisterComponents();
    }

    /// <summary>Where the backward pass may stop for a moment; null for nowhere.</summary>
    public BackwardCuts? Cuts { get; set; }

    /// <summary>Blocks of one shape; the chance to drop a branch grows linearly from 0 to <paramref name="lastDropPath"/>.</summary>
    public static ModuleList<TransformerBlock> Stack(BlockShape shape, int depth, double lastDropPath = 0) =>
        nn.ModuleList(Enumerable.Range(0, depth)
            .Select(i => new TransformerBlock(shape, depth == 1 ? 0 : lastDropPath * i / (depth - 1))).ToArray());

    /// <summary>Sends the tokens through all blocks. [B,N,C] -> [B,N,C]; disposes the tokens given.</summary>
    public static Tensor RunAll(ModuleList<TransformerBlock> blocks, Tensor tokens)
    {
        foreach (var block in blocks)
        {
            // Without autograd each block's input can go at once; with it, autograd holds what it needs.
            var input = block.Cuts?.Before(block, tokens) ?? tokens;
            var next = block.call(input);
            if (ReferenceEquals(input, tokens))
            {
                tokens.Dispose();
            }

            tokens = next;
        }

        return tokens;
    }

    public void Reseed(Random random, BatchShare? share) => (_dropPath.Random, _dropPath.Share) = (random, share);

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var attended = Add(tokens, _attentionNorm, _attention, _attention.ComputeType);
        return Add(attended, _mlpNorm, _mlp, _mlp.ComputeType).MoveToOuterDisposeScope();
    }

    private Tensor Add(Tensor tokens, LayerNorm norm, nn.Module<Tensor, Tensor> part, ScalarType product)
    {
        using var scope = NewDisposeScope();
        return _dropPath.AddSamples(tokens, part.call(TokenNorm.For(product, norm, tokens, _epsilon)), training).MoveToOuterDisposeScope();
    }
}
