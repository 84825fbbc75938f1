using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;

namespace Mofo.ML.Trainers.Tests.Weights.Facts;

/// <summary>Golden part D: names and shapes of every model that the original registers, from which the size must follow.</summary>
public class NetworkFactsConformanceTests
{
    [Fact]
    public void The_size_of_every_model_of_the_original_follows_from_its_shapes()
    {
        var files = Directory.GetFiles(GoldenPack.PathOf("shapes"), "*__*.json");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var golden = JsonNode.Parse(File.ReadAllText(file))!;
            var config = golden["config"] ?? golden["encoder"]!;
            var shapes = (golden["parameters_num_classes_174"] ?? golden["parameters_decoder_depth_4"])!.AsObject();
            using var set = new WeightSet(file, shapes.Select(pair => new WeightTensor(pair.Key, WeightType.Float32, [.. pair.Value!.AsArray().Select(n => (long)n!)], _ => { })));

            var facts = NetworkFacts.Of(file, set, NetworkHints.None);

            Assert.Equal((int)config["embed_dim"]!, facts.Size.EmbedDim);
            Assert.Equal((int)config["depth"]!, facts.Size.Depth);
            Assert.Equal((int)config["num_heads"]!, facts.Size.Heads);
            Assert.Equal(golden["config"] is null ? 0 : 174, facts.Classes);
            Assert.Equal(file.Contains("BB_focused", StringComparison.Ordinal), facts.Fusions.Contains(MotionFusion.MultiHeadCrossAttention));
            if (golden["decoder"] is { } decoder)
            {
                Assert.Equal(((int)decoder["embed_dim"]!, (int)decoder["num_heads"]!, 4), (facts.Size.DecoderDim, facts.Size.DecoderHeads, facts.Size.DecoderDepth));
            }

            facts.Size.Validate();
        }
    }
}
