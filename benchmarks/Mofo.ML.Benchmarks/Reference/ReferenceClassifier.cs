using Mofo.ML.Trainers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Reference;

/// <summary>Encoder over all tokens, mean pooling, norm, head. [B,3,T,H,W] -> [B,K].</summary>
internal sealed class ReferenceClassifier : nn.Module<Tensor, Tensor>
{
    private readonly ReferenceEmbedding patch_embed;
    private readonly ModuleList<ReferenceBlock> blocks;
    private readonly LayerNorm fc_norm;
    private readonly Linear head;

    public ReferenceClassifier(VitConfig config, int classes)
        : base(nameof(ReferenceClassifier))
    {
        patch_embed = new ReferenceEmbedding(config);
        blocks = ReferenceBlock.Stack(config.Depth, config.EmbedDim, config.Heads);
        fc_norm = nn.LayerNorm(config.EmbedDim, 1e-6);
        head = nn.Linear(config.EmbedDim, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var tokens = ReferenceBlock.RunAll(blocks, patch_embed.call(pixels));
        return head.call(fc_norm.call(tokens.mean([1]))).MoveToOuterDisposeScope();
    }
}
