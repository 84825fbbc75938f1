using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Configurations, weights and tensors of the golden pack, in the sizes that the pack says.</summary>
internal static class GoldenModels
{
    public static VitConfig PretrainingConfig()
    {
        var config = GoldenPack.Json("pretrain/figures.json")["config"]!;
        return new VitConfig
        {
            ImageSize = (int)config["img_size"]!,
            PatchSize = (int)config["patch_size"]!,
            TubeletSize = (int)config["tubelet_size"]!,
            Frames = (int)config["num_frames"]!,
            EmbedDim = (int)config["encoder_embed_dim"]!,
            Depth = (int)config["encoder_depth"]!,
            Heads = (int)config["encoder_num_heads"]!,
            MlpRatio = (double)config["mlp_ratio"]!,
            DecoderDim = (int)config["decoder_embed_dim"]!,
            DecoderDepth = (int)config["decoder_depth"]!,
            DecoderHeads = (int)config["decoder_num_heads"]!,
        };
    }

    public static (VitConfig Config, int Classes, int FusionHeads) FinetuningConfig()
    {
        var config = GoldenPack.Json("finetune/figures.json")["config"]!;
        var model = new VitConfig
        {
            ImageSize = (int)config["img_size"]!,
            PatchSize = (int)config["patch_size"]!,
            TubeletSize = (int)config["tubelet_size"]!,
            Frames = (int)config["all_frames"]!,
            EmbedDim = (int)config["embed_dim"]!,
            Depth = (int)config["depth"]!,
            Heads = (int)config["num_heads"]!,
            MlpRatio = (double)config["mlp_ratio"]!,
        };
        return (model, (int)config["num_classes"]!, (int)config["MCA_num_heads"]!);
    }

    /// <summary>Moves the module to the chosen device and takes every parameter from the archive; fails when one is missing or has another shape.</summary>
    public static void Load(nn.Module module, NpzFile weights)
    {
        _ = module.to(TestDevice.Chosen);
        using var frozen = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            var array = weights[name];
            Assert.Equal(array.Shape, parameter.shape);
            using var values = TensorOf(array);
            _ = parameter.copy_(values);
        }
    }

    public static Tensor TensorOf(NpyArray array) => tensor(array.ToSingles(), array.Shape, device: TestDevice.Chosen);

    /// <summary>Visible and masked token indices of a [B,N] mask of the pack (true = masked).</summary>
    public static (Tensor Visible, Tensor Masked) Indices(NpyArray mask) => (Where(mask, 0), Where(mask, 1));

    public static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    public static double LargestGap(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
    }

    /// <summary>L2 length of the difference over the L2 length of what was expected.</summary>
    public static double RelativeGap(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var gap = Math.Sqrt(expected.Zip(actual, (e, a) => Math.Pow((double)e - a, 2)).Sum());
        return gap / Math.Sqrt(expected.Sum(e => (double)e * e));
    }

    public static double[] Doubles(JsonNode node) => node.AsArray().Select(v => (double)v!).ToArray();

    private static Tensor Where(NpyArray mask, byte value)
    {
        var rows = mask.Shape[0];
        var length = mask.Shape[1];
        var tokens = Enumerable.Range(0, mask.Count).Where(i => mask.Bytes[i] == value).Select(i => i % length).ToArray();
        return tensor(tokens, [rows, tokens.Length / rows], device: TestDevice.Chosen);
    }
}
