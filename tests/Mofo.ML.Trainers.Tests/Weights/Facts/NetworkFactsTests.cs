using System.Text.Json.Nodes;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Weights.Pickling;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;

namespace Mofo.ML.Trainers.Tests.Weights.Facts;

public sealed class NetworkFactsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-facts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_HuggingFace_folder_tells_everything(int shards)
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()), preprocessor: HuggingFaceFolders.Preprocessor(32, 40), shards: shards);
        var facts = Facts(_folder);
        Assert.Equal(TinyModels.Config with { DecoderDim = 384, DecoderDepth = 4, DecoderHeads = 6 }, facts.Size);
        Assert.Equal((1e-12, 1e-5, TokenPooling.MeanThenNorm, 3), (facts.NormEpsilon, facts.HeadNormEpsilon, facts.Pooling, facts.Classes));
        Assert.Equal(HuggingFaceFolders.Labels, facts.Labels);
        Assert.Equal(0.8, facts.FrameRule.CropShare);
        Assert.True(facts.FrameRule.Normalization.IsImageNet);
        Assert.Empty(facts.Remarks);
    }

    [Fact]
    public void A_pretraining_folder_tells_its_decoder_too()
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Pretraining()), HuggingFaceFolders.Config(meanPooling: false, labels: false));
        var facts = Facts(_folder);
        Assert.Equal(TinyModels.Config, facts.Size);
        Assert.Equal((TokenPooling.NormThenMean, 0), (facts.Pooling, facts.Classes));
        Assert.Null(facts.Labels);
    }

    [Fact]
    public void A_classifier_without_mean_pooling_takes_the_first_token()
    {
        var tensors = CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()).Select(t => t.Renamed(t.Name.Replace("fc_norm.", "videomae.layernorm.", StringComparison.Ordinal))).ToList();
        HuggingFaceFolders.Write(_folder, tensors, HuggingFaceFolders.Config(meanPooling: false));
        Assert.Equal(TokenPooling.NormThenFirst, Facts(_folder).Pooling);
    }

    [Fact]
    public void A_folder_of_VideoMAE_V2_is_read_by_its_own_settings()
    {
        var tensors = CheckpointFiles.Classifier().Where(t => !t.Name.StartsWith("head.", StringComparison.Ordinal)).Select(t => t.Renamed("model." + t.Name)).ToList();
        HuggingFaceFolders.Write(_folder, tensors, Version2());
        var facts = Facts(_folder);
        Assert.Equal((TinyModels.Config.Heads, TinyModels.Config.ImageSize, TinyModels.Config.Frames, TinyModels.Config.Depth), (facts.Size.Heads, facts.Size.ImageSize, facts.Size.Frames, facts.Size.Depth));
        Assert.Equal((1e-6, 1e-6, TokenPooling.MeanThenNorm, 0), (facts.NormEpsilon, facts.HeadNormEpsilon, facts.Pooling, facts.Classes));
    }

    [Theory]
    [InlineData("model_type", "\"vit\"", "model_type = \"vit\"", "videomae, or VideoMAEv2")]
    [InlineData("hidden_act", "\"relu\"", "hidden_act = \"relu\"", "gelu")]
    [InlineData("num_channels", "2", "num_channels = 2", "3: networks here see red, green and blue")]
    [InlineData("hidden_size", "32", "hidden_size = 32", "24, as the tensors beside it have")]
    [InlineData("num_hidden_layers", "3", "num_hidden_layers = 3", "2, as the tensors beside it have")]
    [InlineData("intermediate_size", "100", "intermediate_size = 100", "96, as the tensors beside it have")]
    [InlineData("patch_size", "8", "patch_size = 8", "16, as the tensors beside it have")]
    [InlineData("num_frames", "0", "num_frames = 0", "a whole number of at least 1")]
    [InlineData("num_frames", "\"many\"", "num_frames = \"many\"", "a whole number of at least 1")]
    [InlineData("num_frames", "2.5", "num_frames = 2.5", "a whole number of at least 1")]
    [InlineData("image_size", "[32, 48]", "image_size = [32,48]", "the side of a square")]
    [InlineData("use_mean_pooling", "1", "use_mean_pooling = 1", "true or false")]
    [InlineData("id2label", "{\"1\": \"a\", \"2\": \"b\"}", "id2label = ", "the numbers 0, 1, 2 and so on without a gap")]
    [InlineData("id2label", "{\"zero\": \"a\"}", "id2label = ", "names under whole numbers")]
    [InlineData("id2label", "3", "id2label = 3", "names under whole numbers")]
    public void Settings_that_contradict_the_tensors_or_ask_for_another_network_are_refused_by_name(string name, string value, string found, string expected)
    {
        var config = HuggingFaceFolders.Config();
        config[name] = JsonNode.Parse(value);
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()), config);
        var e = Assert.Throws<WeightFileException>(() => Facts(_folder));
        Assert.EndsWith("config.json", e.File);
        Assert.StartsWith(found, e.Found);
        Assert.Contains(expected, e.Expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"model_type\": 5}")]
    [InlineData("{\"a\": 1, \"a\": 2}")]
    public void Damaged_settings_are_refused(string json)
    {
        HuggingFaceFolders.Write(_folder, CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier()));
        File.WriteAllText(Path.Combine(_folder, "config.json"), json);
        Assert.EndsWith("config.json", Assert.Throws<WeightFileException>(() => Facts(_folder)).File);
    }

    [Fact]
    public void Settings_beside_a_file_that_is_none_of_theirs_are_not_read()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{\"model_type\": \"bert\"}");
        var path = CheckpointFiles.WriteTorch(Path.Combine(_folder, "vit.pth"), "model", CheckpointFiles.Classifier());
        Assert.Equal(2, Facts(path, heads: 2).Size.Heads);
    }

    [Theory]
    [InlineData(384, 6, 1536)]
    [InlineData(768, 12, 3072)]
    [InlineData(1024, 16, 4096)]
    [InlineData(1280, 16, 5120)]
    [InlineData(1408, 16, 6144)] // VideoMAE V2's giant: hidden width 48/11 of the width
    [InlineData(512, 8, 2048)] // none of the published: 64 values a head
    public void The_size_of_a_bare_file_follows_from_its_shapes(int width, int heads, int hidden)
    {
        var patch = width == 1408 ? 14 : 16;
        var depth = width == 1408 ? 40 : 12;
        using var set = Shapes(width, hidden, depth, patch, classes: 710);
        var facts = NetworkFacts.Of("vit_g.pth", set, NetworkHints.None);
        var size = facts.Size;
        Assert.Equal((width, heads, depth, patch, 2, 16, 224), (size.EmbedDim, size.Heads, size.Depth, size.PatchSize, size.TubeletSize, size.Frames, size.ImageSize));
        Assert.Equal(hidden, (int)(size.EmbedDim * size.MlpRatio));
        Assert.Equal((710, 1e-6), (facts.Classes, facts.NormEpsilon));
        size.Validate();
        Assert.Contains($"{heads} attention heads are taken for a width of {width}", facts.Remarks[0]);
    }

    [Fact]
    public void Heads_that_nothing_tells_are_asked_for()
    {
        using var set = Shapes(48, 192, 2, 16, classes: 5);
        var e = Assert.Throws<WeightFileException>(() => NetworkFacts.Of("tiny.pth", set, NetworkHints.None));
        Assert.Contains("expected the number of attention heads in the options (Heads)", e.Message);
        Assert.Equal(3, NetworkFacts.Of("tiny.pth", set, new() { Heads = 3 }).Size.Heads);
    }

    [Theory]
    [InlineData(1568, 16, 224)]
    [InlineData(3136, 32, 224)] // no square with 8 slices: twice as many frames
    [InlineData(4608, 16, 384)]
    [InlineData(128, 16, 64)]
    public void Clips_follow_from_stored_positions(int rows, int frames, int imageSize)
    {
        using var set = Shapes(48, 192, 2, 16, classes: 5, positions: rows);
        var facts = NetworkFacts.Of("tiny.pth", set, new() { Heads = 3 });
        Assert.Equal((frames, imageSize, TokenPositions.Sequence), (facts.Size.Frames, facts.Size.ImageSize, facts.Size.Positions));
    }

    [Fact]
    public void Clips_that_the_user_asks_for_tell_ambiguous_positions_apart()
    {
        using var set = Shapes(48, 192, 2, 16, classes: 5, positions: 10 * 9);
        Assert.Contains("positions of 90 tokens", Assert.Throws<WeightFileException>(() => NetworkFacts.Of("tiny.pth", set, new() { Heads = 3 })).Message);
        var facts = NetworkFacts.Of("tiny.pth", set, new() { Heads = 3, Asked = TinyModels.Config with { Frames = 20, ImageSize = 96 } });
        Assert.Equal((20, 48), (facts.Size.Frames, facts.Size.ImageSize));
    }

    [Fact]
    public void Positions_that_are_not_the_computed_ones_are_kept()
    {
        using var set = Shapes(48, 192, 2, 16, classes: 5, positions: 128, learned: true);
        Assert.Equal(TokenPositions.Stored, NetworkFacts.Of("tiny.pth", set, new() { Heads = 3 }).Size.Positions);
    }

    [Fact]
    public void Both_kinds_of_norms_at_once_are_refused()
    {
        using var set = new WeightSet("odd.pth", [.. CheckpointFiles.Classifier(), Vector("norm.weight", 24), Vector("norm.bias", 24)]);
        Assert.Contains("a norm of the tokens beside one of the pooled vector", Assert.Throws<WeightFileException>(() => NetworkFacts.Of("odd.pth", set, new() { Heads = 2 })).Message);
    }

    [Theory]
    [InlineData("cls_token", "a class token")]
    [InlineData("blocks.0.gamma_1", "layer scale")]
    public void A_network_of_another_kind_is_refused_by_name(string extra, string kind)
    {
        using var set = new WeightSet("vit.pth", [.. CheckpointFiles.Classifier(), Vector(extra, 24)]);
        Assert.Contains(kind, Assert.Throws<WeightFileException>(() => NetworkFacts.Of("vit.pth", set, new() { Heads = 2 })).Message);
    }

    [Fact]
    public void A_file_without_an_embedding_of_tubelets_is_refused_by_what_is_missing()
    {
        using var set = new WeightSet("image.pth", [new WeightTensor("patch_embed.proj.weight", WeightType.Float32, [24, 3, 16, 16], _ => { })]);
        var e = Assert.Throws<WeightFileException>(() => NetworkFacts.Of("image.pth", set, NetworkHints.None));
        Assert.Equal(("patch_embed.proj.weight", "F32 [24, 3, 16, 16]"), (e.Tensor, e.Found));
    }

    private static NetworkFacts Facts(string path, int? heads = null)
    {
        using var source = WeightFiles.Open(path);
        using var original = ParameterNames.ToOriginal(source);
        return NetworkFacts.Of(path, original, new() { Heads = heads });
    }

    private static JsonObject Version2() => new()
    {
        ["model_type"] = "VideoMAEv2_Base",
        ["architectures"] = new JsonArray("VideoMAEv2_Base"),
        ["model_config"] = new JsonObject
        {
            ["img_size"] = 32,
            ["patch_size"] = 16,
            ["in_chans"] = 3,
            ["num_classes"] = 0,
            ["embed_dim"] = 24,
            ["depth"] = 2,
            ["num_heads"] = 2,
            ["mlp_ratio"] = 4,
            ["layer_norm_eps"] = 1e-6,
            ["init_values"] = 0.0,
            ["tubelet_size"] = 2,
            ["use_mean_pooling"] = true,
            ["num_frames"] = 8,
            ["cos_attn"] = false,
        },
    };

    private static WeightTensor Vector(string name, int length) => new(name, WeightType.Float32, [length], destination => destination.Clear());

    /// <summary>A classifier's tensors by shape alone: the values of a billion weights are not read here.</summary>
    private static WeightSet Shapes(int width, int hidden, int depth, int patch, int classes, int? positions = null, bool learned = false)
    {
        List<WeightTensor> tensors = [Tensor("patch_embed.proj.weight", width, 3, 2, patch, patch), Tensor("patch_embed.proj.bias", width), Tensor("fc_norm.weight", width), Tensor("fc_norm.bias", width)];
        for (var block = 0; block < depth; block++)
        {
            tensors.AddRange([Tensor($"blocks.{block}.attn.qkv.weight", 3 * width, width), Tensor($"blocks.{block}.mlp.fc1.weight", hidden, width), Tensor($"blocks.{block}.mlp.fc2.weight", width, hidden)]);
        }

        tensors.Add(Tensor("head.weight", classes, width));
        if (positions is { } rows)
        {
            var table = Mofo.ML.Trainers.Model.Layers.SinusoidPositions.Values(new(rows, 1, 1), new(rows, 1, 1), width);
            tensors.Add(WeightTensor.FromMemory("pos_embed", WeightType.Float32, [1, rows, width], TorchFiles.Bytes(learned ? [.. table.Select(v => -v)] : table)));
        }

        return new WeightSet("vit.pth", tensors);

        static WeightTensor Tensor(string name, params long[] shape) => new(name, WeightType.Float32, shape, _ => throw new InvalidOperationException("Values are not needed."));
    }
}
