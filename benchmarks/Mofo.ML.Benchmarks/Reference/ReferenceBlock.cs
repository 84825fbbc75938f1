using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Reference;

/// <summary>Pre-norm block, operation for operation, in float32.</summary>
internal sealed class ReferenceBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly ReferenceAttention attn;
    private readonly LayerNorm norm2;
    private readonly Linear fc1;
    private readonly Linear fc2;

    public ReferenceBlock(int width, int heads)
        : base(nameof(ReferenceBlock))
    {
        norm1 = nn.LayerNorm(width, 1e-6);
        attn = new ReferenceAttention(width, heads);
        norm2 = nn.LayerNorm(width, 1e-6);
        fc1 = nn.Linear(width, 4 * width);
        fc2 = nn.Linear(4 * width, width);
        RegisterComponents();
    }

    public static ModuleList<ReferenceBlock> Stack(int depth, int width, int heads) =>
        nn.ModuleList(Enumerable.Range(0, depth).Select(_ => new ReferenceBlock(width, heads)).ToArray());

    public static Tensor RunAll(ModuleList<ReferenceBlock> blocks, Tensor tokens)
    {
        foreach (var block in blocks)
        {
            var next = block.call(tokens);
            tokens.Dispose();
            tokens = next;
        }

        return tokens;
    }

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var attended = Attended(tokens);
        return attended.Plus(Fed(norm2.call(attended))).MoveToOuterDisposeScope();
    }

    private Tensor Attended(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return tokens.Plus(attn.call(norm1.call(tokens))).MoveToOuterDisposeScope();
    }

    private Tensor Fed(Tensor normed)
    {
        using var scope = NewDisposeScope();
        var wide = fc1.call(normed);
        var active = nn.functional.gelu(wide);
        wide.Dispose(); // every step takes the name of the one before
        return fc2.call(active).MoveToOuterDisposeScope();
    }
}
