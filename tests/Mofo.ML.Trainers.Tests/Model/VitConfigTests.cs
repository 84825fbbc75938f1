using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.Model;

public sealed class VitConfigTests
{
    [Theory]
    [InlineData("Small", "mofo/pretrain_mae_small_patch16_224")]
    [InlineData("Base", "mofo/pretrain_videomae_base_patch16_224")]
    [InlineData("Large", "mofo/pretrain_videomae_large_patch16_224")]
    [InlineData("Huge", "videomae/pretrain_videomae_huge_patch16_224")]
    public void Presets_have_the_sizes_of_the_original(string preset, string model)
    {
        var golden = GoldenPack.Json("shapes/summary.json")[model]!;
        var config = (VitConfig)typeof(VitConfig).GetProperty(preset)!.GetValue(null)!;
        Assert.Equal((int)golden["encoder"]!["embed_dim"]!, config.EmbedDim);
        Assert.Equal((int)golden["encoder"]!["depth"]!, config.Depth);
        Assert.Equal((int)golden["encoder"]!["num_heads"]!, config.Heads);
        Assert.Equal((int)golden["encoder"]!["num_patches"]!, config.Tokens);
        Assert.Equal((int)golden["decoder"]!["embed_dim"]!, config.DecoderDim);
        Assert.Equal((int)golden["decoder"]!["num_heads"]!, config.DecoderHeads);
        Assert.Equal((int)golden["decoder"]!["out"]!, config.PixelsPerToken);
        config.Validate();
    }

    [Theory]
    [InlineData(nameof(VitConfig.Tiny), 392, 6_246_240)]
    [InlineData(nameof(VitConfig.Micro), 144, 564_144)]
    public void Small_presets_have_the_tokens_and_weights_that_their_documentation_names(string preset, int tokens, long weights)
    {
        var config = (VitConfig)typeof(VitConfig).GetProperty(preset)!.GetValue(null)!;
        config.Validate();
        using var scope = torch.NewDisposeScope();
        using var model = new MaskedAutoencoder(config, generator: null);
        Assert.Equal(tokens, config.Tokens);
        Assert.Equal(weights, model.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void The_small_model_has_the_names_and_shapes_of_the_original()
    {
        var golden = GoldenPack.Json("shapes/mofo__pretrain_mae_small_patch16_224.json");
        using var scope = torch.NewDisposeScope();
        using var model = new MaskedAutoencoder(VitConfig.Small, new torch.Generator(1));
        var total = model.parameters().Sum(p => p.numel());
        Assert.Equal((long)golden["total_params_decoder_depth_4"]!, total);
        var shapes = golden.AsObject().First(pair => pair.Key.StartsWith("parameters", StringComparison.Ordinal)).Value!.AsObject();
        Assert.Equal(
            shapes.Select(pair => $"{pair.Key} {pair.Value!.ToJsonString()}"),
            model.named_parameters().Select(p => $"{p.name} [{string.Join(',', p.parameter.shape)}]"));
    }

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        var config = new VitConfig { ImageSize = 100, Frames = 15, Heads = 7, Depth = 0, MlpRatio = double.NaN };
        var error = Assert.Throws<MofoOptionsException>(config.Validate);
        Assert.Equal(
            [
                "Depth is 0; it must be at least 1.",
                "ImageSize is 100; it must be a multiple of PatchSize (16).",
                "Frames is 15; it must be a multiple of TubeletSize (2).",
                "EmbedDim is 768; it must be a multiple of Heads (7).",
                "MlpRatio is NaN; it must be above 0 and at most 64.",
            ],
            error.Problems);
    }

    [Fact]
    public void Position_tables_are_those_of_the_original()
    {
        foreach (var (size, table) in GoldenPack.Json("shapes/sincos_table.json").AsObject())
        {
            if (table is not System.Text.Json.Nodes.JsonObject || table["first_row"] is null)
            {
                continue;
            }

            var sides = size.Split('x').Select(int.Parse).ToArray();
            var values = SinusoidPositions.Values(new TokenGrid(1, 1, sides[0]), new TokenGrid(1, 1, sides[0]), sides[1]);
            foreach (var (row, name) in new[] { (0, "first_row"), (1, "second_row"), (sides[0] - 1, "last_row") })
            {
                if (table[name] is { } expected)
                {
                    var actual = values.AsSpan(row * sides[1], sides[1]).ToArray();
                    Assert.All(expected.AsArray().Zip(actual), pair => Assert.Equal((double)pair.First!, pair.Second, 2e-7));
                }
            }
        }
    }
}
