using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>Tokens inside the motion box attend to those outside; the mean of the result stands for the clip.</summary>
/// <remarks>A clip whose box covers all of the frame attends to itself. Clips of a batch are padded to the largest region or some tokens more, padding is masked.</remarks>
internal sealed class CrossAttentionFusion : IRegionFusion
{
    /// <summary>Regions are padded to a multiple of this: libtorch compiles its bfloat16 products on a CPU for each new shape, and every batch has other regions.</summary>
    private const int RegionStep = 16;

    private readonly ModuleList<CrossBlock> _blocks;

    public CrossAttentionFusion(BlockShape shape) => _blocks = nn.ModuleList(new CrossBlock(shape));

    public IEnumerable<(string Name, nn.Module Part)> Parts => [("local_MCA", _blocks)];

    public Tensor Fuse(Tensor tokens, RegionMask region)
    {
        using var scope = NewDisposeScope();
        var inside = region.Inside;
        var outside = inside.logical_not();
        var isFull = outside.any(1, keepdim: true).logical_not();
        var queries = Gathered(tokens, inside, region.LargestInside);
        var context = Gathered(tokens, outside.logical_or(isFull), region.LargestContext);
        var contextMask = context.Taken.unsqueeze(1).unsqueeze(1); // [B,1,1,Nk]
        var attended = queries.Tokens;
        foreach (var block in _blocks)
        {
            attended = block.call(attended, context.Tokens, contextMask);
        }

        return TokenMeans.OrMeanOfAll(TokenMeans.Over(attended, queries.Taken), tokens, inside).MoveToOuterDisposeScope();
    }

    public Tensor Weights(Tensor tokens, Tensor inside)
    {
        // Ungathered, as this is looked at and not trained: every token asks, the outside ones answer, the inside ones' answers are averaged.
        using var scope = NewDisposeScope();
        var outside = inside.logical_not();
        var isFull = outside.any(1, keepdim: true).logical_not();
        var mask = outside.logical_or(isFull).unsqueeze(1).unsqueeze(1); // [B,1,1,N]
        var attention = _blocks[0].Weights(tokens, tokens, mask).mean([1]); // [B,N,N]
        return TokenMeans.NormalisedOrEqual(TokenMeans.Over(attention, inside), inside).MoveToOuterDisposeScope();
    }

    /// <summary>The tokens of a region first, in their order, cut to the largest region of the batch and its padding. [B,K,C] and which of them count [B,K].</summary>
    private static (Tensor Tokens, Tensor Taken) Gathered(Tensor tokens, Tensor region, int? known)
    {
        using var scope = NewDisposeScope();
        var (batch, count) = (tokens.shape[0], tokens.shape[1]);
        var sizes = region.sum(1, keepdim: true); // [B,1]
        var largest = Math.Max(1, known ?? sizes.max().item<long>());
        var padded = Math.Min(count, (largest + RegionStep - 1) / RegionStep * RegionStep);
        var position = KeptScalar.Count(count, tokens.device);

        // Tokens outside the region sort behind all inside; equal order otherwise.
        var order = position.Plus(region.logical_not().to(ScalarType.Int64).mul(KeptScalar.Of(count))).argsort(1).narrow(1, 0, padded); // [B,K]
        var rows = order.Plus(KeptScalar.Count(batch, tokens.device).unsqueeze(1).mul(KeptScalar.Of(count)));
        var taken = position.narrow(0, 0, padded).unsqueeze(0).less(sizes); // [B,K]
        var gathered = tokens.flatten(0, 1).index_select(0, rows.flatten()).unflatten(0, batch, padded); // [B,K,C]
        return (gathered.MoveToOuterDisposeScope(), taken.MoveToOuterDisposeScope());
    }
}
