using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Training.Optimizer;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Golden part E: who is decayed and how fast each layer learns, exactly and in order.</summary>
public sealed class ParameterGroupsConformanceTests
{
    [Fact]
    public void Groups_are_those_of_the_original_in_its_order()
    {
        var files = Directory.GetFiles(GoldenPack.PathOf("optim"), "groups_*.json");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var golden = GoldenPack.Json($"optim/{Path.GetFileName(file)}");
            var parameters = golden["per_parameter"]!.AsObject().Select(pair => (pair.Key, Rank: RankOf(pair.Key))).ToList();
            var weightDecay = (double)golden["weight_decay"]!;
            var scales = golden["layer_scales"] as JsonArray;
            var groups = scales is null
                ? ParameterGroups.Divide(parameters, weightDecay)
                : ParameterGroups.Divide(parameters, weightDecay, (double)golden["layer_decay"]!, scales.Count - 2);

            var expected = golden["groups"]!.AsArray();
            Assert.Equal(expected.Count, groups.Count);
            foreach (var (theirs, ours) in expected.Zip(groups))
            {
                Assert.Equal((double)theirs!["weight_decay"]!, ours.WeightDecay);
                Assert.Equal((double)theirs["lr_scale"]!, ours.RateScale);
                Assert.Equal(theirs["params"]!.AsArray().Select(p => (string)p!), ours.Names);
            }
        }
    }

    [Fact]
    public void A_decay_of_zero_still_keeps_both_kinds_apart()
    {
        // A schedule may raise the decay later: the vectors must not follow.
        var groups = ParameterGroups.Divide([("a.weight", 2), ("a.bias", 1)], weightDecay: 0);
        Assert.Equal(2, groups.Count);
    }

    /// <summary>The pack has no shapes here; in the original everything but these is a matrix or more.</summary>
    private static int RankOf(string name) =>
        name.Contains("norm", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal) || name.EndsWith(".b", StringComparison.Ordinal) ? 1 : 2;
}
