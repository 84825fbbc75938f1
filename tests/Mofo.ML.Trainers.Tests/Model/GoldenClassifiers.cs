using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>The classifiers and clips of golden part C.</summary>
internal static class GoldenClassifiers
{
    /// <summary>Names of the pack for our fusions, and the weight file that goes with each.</summary>
    public static readonly TheoryData<MotionFusion, string> Fusions = new()
    {
        { MotionFusion.None, "plain" },
        { MotionFusion.None, "bb_org" },
        { MotionFusion.WeightedMean, "bb_weighted_mean" },
        { MotionFusion.SoftAttention, "bb_soft_attn" },
        { MotionFusion.MultiHeadCrossAttention, "bb_MCA" },
    };

    public static VideoClassifier Build(MotionFusion fusion, bool scaledHead)
    {
        var (config, classes, fusionHeads) = GoldenModels.FinetuningConfig();
        Assert.Equal(3, fusionHeads);
        var model = new VideoClassifier(config, new ClassifierShape(classes, fusion) { AsReleased = true }, new Generator(1));
        using var weights = GoldenPack.Npz("finetune/bb_focused_weights.npz");
        GoldenModels.Load(model, weights);
        if (scaledHead)
        {
            using var frozen = no_grad();
            using var head = GoldenPack.Npz("finetune/scaled_head.npz");
            var state = model.state_dict();
            state["head.weight"].copy_(GoldenModels.TensorOf(head["head.weight"]));
            state["head.bias"].copy_(GoldenModels.TensorOf(head["head.bias"]));
        }

        return model;
    }

    /// <summary>Pixels [B,3,T,H,W], inside [B,N], class numbers [B].</summary>
    public static (Tensor Pixels, Tensor Inside, Tensor Targets) Input()
    {
        var (config, _, _) = GoldenModels.FinetuningConfig();
        using var input = GoldenPack.Npz("finetune/input.npz");
        var inside = TokenRegions.Inside(config, Boxes(config, input["boxes"]), TestDevice.Chosen);
        return (GoldenModels.TensorOf(input["videos"]), inside, GoldenModels.TensorOf(input["targets"]).to(ScalarType.Int64));
    }

    public static IReadOnlyList<IReadOnlyList<MotionBox>> Boxes(VitConfig config, NpyArray boxes)
    {
        var values = boxes.ToSingles();
        return Enumerable.Range(0, (int)boxes.Shape[0])
            .Select(clip => (IReadOnlyList<MotionBox>)Enumerable.Range(0, config.Frames).Select(frame =>
            {
                var at = values.AsSpan(((clip * config.Frames) + frame) * 4, 4);
                return ReleaseBoxes.AsArraySlice(new MotionBox(at[0], at[1], at[2], at[3]), config.ImageSize);
            }).ToList())
            .ToList();
    }

    public static double ToDouble(System.Text.Json.Nodes.JsonNode? node) =>
        node!.GetValueKind() == System.Text.Json.JsonValueKind.String ? double.NaN : (double)node;
}
