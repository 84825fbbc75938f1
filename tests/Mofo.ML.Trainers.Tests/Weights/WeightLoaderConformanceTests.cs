using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Weights;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.Weights;

public class WeightLoaderConformanceTests
{
    [Theory]
    [InlineData("plain_from_model_key", "checkpoints/pretrain_checkpoint-4.pth", "finetune/plain_weights.npz")]
    [InlineData("plain_from_module_key_fp16", "checkpoints/deepspeed_checkpoint-4", "finetune/plain_weights.npz")]
    [InlineData("bb_focused_from_model_key", "checkpoints/pretrain_checkpoint-4_legacy.pth", "finetune/bb_focused_weights.npz")]
    public void A_pretraining_checkpoint_goes_into_a_classifier_as_the_originals_loader_puts_it(string caseName, string checkpoint, string classifier)
    {
        var map = GoldenPack.Json("finetune/weight_name_map.json")[caseName]!;
        using var scope = torch.NewDisposeScope();
        var state = StateLike(classifier);
        using var source = WeightFiles.Open(GoldenPack.PathOf(checkpoint));

        var report = WeightLoader.Load(source, state, WeightUse.Encoder);

        var mapped = map["mapped"]!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>());
        Assert.Equal(mapped.Values.Order(), report.Loaded.Order());
        Assert.Equal(map["unused_in_finetune"]!.AsArray().Select(item => item!["checkpoint"]!.GetValue<string>()).Order(), report.Ignored.Order());
        Assert.Equal(Texts(map["finetune_tensors_left_at_initialisation"]).Order(), report.LeftAtInitialValues.Order());
        Assert.True(report.IsComplete);
        Assert.All(mapped, pair =>
        {
            using var expected = ModuleWeights.ToTensor(source[pair.Key]);
            Assert.Equal(expected.to_type(torch.ScalarType.Float32).data<float>().ToArray(), state[pair.Value].data<float>().ToArray());
        });
        Assert.All(report.LeftAtInitialValues, name => Assert.All(state[name].data<float>(), value => Assert.Equal(-7, value)));
    }

    [Fact]
    public void A_pretraining_checkpoint_fits_our_pretraining_model_name_by_name()
    {
        using var generator = new torch.Generator(1);
        using var model = new MaskedAutoencoder(GoldenModels.PretrainingConfig(), generator);
        using var expected = GoldenPack.Npz("checkpoints/pretrain_checkpoint-4_model.npz");

        var report = WeightLoader.Load(GoldenPack.PathOf("checkpoints/pretrain_checkpoint-4.pth"), model, WeightUse.Whole);

        Assert.True(report.IsComplete);
        Assert.Empty(report.Ignored);
        using var exported = ModuleWeights.Export(model, "model");
        Golden.AssertEqual(expected, exported);
    }

    [Theory]
    [InlineData(MotionFusion.None, "finetune/plain_weights.safetensors", "head.bias")]
    [InlineData(MotionFusion.WeightedMean, "finetune/bb_focused_weights.safetensors", "head.bias")]
    [InlineData(MotionFusion.SoftAttention, "finetune/bb_focused_weights.safetensors", "soft_att_global.weight")]
    [InlineData(MotionFusion.MultiHeadCrossAttention, "finetune/bb_focused_weights.safetensors", "local_MCA.0.attn.kv.weight")]
    public void A_finetuned_classifier_of_the_original_fits_ours(MotionFusion fusion, string file, string amongOthers)
    {
        var (config, classes, _) = GoldenModels.FinetuningConfig();
        using var generator = new torch.Generator(1);
        using var model = new VideoClassifier(config, new ClassifierShape(classes, fusion), generator);
        using var source = WeightFiles.Open(GoldenPack.PathOf(file));

        var report = WeightLoader.Load(source, model.state_dict(), WeightUse.Classifier);

        Assert.True(report.IsComplete);
        Assert.Contains(amongOthers, report.Loaded);
        using var exported = ModuleWeights.Export(model, "model");
        Assert.All(exported, tensor => Assert.Equal(source[tensor.Name].ToArray(), tensor.ToArray()));
    }

    [Fact]
    public void A_pretraining_checkpoint_starts_our_motion_aware_classifier()
    {
        var (config, classes, _) = GoldenModels.FinetuningConfig();
        using var generator = new torch.Generator(1);
        using var model = new VideoClassifier(config, new ClassifierShape(classes, MotionFusion.MultiHeadCrossAttention), generator);

        var report = WeightLoader.Load(GoldenPack.PathOf("checkpoints/deepspeed_checkpoint-4"), model, WeightUse.Encoder);

        Assert.True(report.IsComplete);
        Assert.All(report.LeftAtInitialValues, name => Assert.True(name.StartsWith("fc_norm.") || name.StartsWith("head.") || name.StartsWith("local_MCA."), name));
        Assert.Contains("head.bias", report.LeftAtInitialValues);
    }

    [Fact]
    public void Our_safetensors_of_an_original_model_has_its_names_and_bytes()
    {
        using var expected = GoldenPack.Npz("finetune/plain_weights.npz");
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using (var source = WeightFiles.Open(GoldenPack.PathOf("checkpoints/finetune_plain_model_only.pth")))
            {
                WeightFiles.Save(path, source);
            }

            using var written = WeightFiles.Open(path);
            Golden.AssertEqual(expected, written);
            Assert.Equal("pt", written.Metadata["format"]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Every_shape_of_the_originals_models_survives_the_way_to_HuggingFace_names_and_back()
    {
        foreach (var file in Directory.EnumerateFiles(GoldenPack.PathOf("shapes"), "*patch16*.json"))
        {
            var shapes = ShapesIn(JsonNode.Parse(File.ReadAllText(file))!);
            Assert.NotEmpty(shapes);
            // Shapes alone are compared; the bytes are not read.
            using var original = new WeightSet(file, shapes.Select(s => new WeightTensor(s.Name, WeightType.Float32, s.Shape, _ => { })));
            using var huggingFace = ParameterNames.ToHuggingFace(original);
            using var back = ParameterNames.ToOriginal(huggingFace);
            Assert.Equal(original.Select(t => t.ToString()), back.Select(t => t.ToString()));
            Assert.DoesNotContain(huggingFace.Names, name => name.Contains("qkv") || name.Contains("patch_embed."));
        }
    }

    private static Dictionary<string, torch.Tensor> StateLike(string npz)
    {
        using var file = GoldenPack.Npz(npz);
        return file.Names.ToDictionary(name => name, name => torch.full(file[name].Shape, -7f));
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(item => item!.GetValue<string>());

    private static List<(string Name, long[] Shape)> ShapesIn(JsonNode node) =>
        node.AsObject().First(pair => pair.Key.StartsWith("parameters")).Value!.AsObject().Select(p => (p.Key, p.Value!.AsArray().Select(size => size!.GetValue<long>()).ToArray())).ToList();
}
