using System.Text.Json.Nodes;
using Mofo.ML.Research;
using Mofo.ML.Tests.Shared;

namespace Mofo.ML.Trainers.Tests.Metrics;

/// <summary>Merging of views and EPIC's marginals against the original's figures (part J of the pack).</summary>
public sealed class MetricsConformanceTests
{
    private const string Folder = "metrics";

    /// <summary>The pack's own tolerance for merged scores, in double precision.</summary>
    private const double MergeTolerance = 1e-9;

    /// <summary>The original sums float32 probabilities.</summary>
    private const double EpicTolerance = 1e-6;

    [Fact]
    public void Views_of_two_workers_merge_to_the_originals_scores_and_figures()
    {
        var merge = GoldenPack.Json($"{Folder}/metrics.json")["merge"]!;
        var videos = OriginalScores.Merge(Texts(merge["files"]!).Select(file => GoldenPack.PathOf($"{Folder}/{file}")));
        var expected = merge["per_video"]!.AsObject();
        Assert.Equal(expected.Count, videos.Rows.Count);
        foreach (var row in videos.Rows)
        {
            var golden = expected[row.VideoPath]!;
            AssertClose(Numbers(golden["mean_scores"]!), row.Scores, MergeTolerance);
            Assert.Equal(golden["prediction"]!.GetValue<int>(), row.Best);
            Assert.Equal(golden["label"]!.GetValue<int>().ToString(), row.Label);
        }

        var report = new ClassReport(videos);
        Assert.Equal(merge["final_top1_percent"]!.GetValue<double>(), 100 * report.Top1, MergeTolerance);
        Assert.Equal(merge["final_top5_percent"]!.GetValue<double>(), 100 * report.Top5, MergeTolerance);
    }

    [Fact]
    public void Actions_are_numbered_as_the_original_numbers_them()
    {
        var epic = Epic();
        foreach (var (action, number) in epic["mapping_vn2act"]!.AsObject())
        {
            Assert.Equal(action, Marginals(epic).Actions[number!.GetValue<int>()]);
        }

        Assert.Equal(epic["mapping_vn2act"]!.AsObject().Count, Marginals(epic).Actions.Count);
    }

    [Theory]
    [InlineData("verb")]
    [InlineData("noun")]
    [InlineData("action")]
    public void Marginal_scores_and_figures_are_the_originals(string part)
    {
        var epic = Epic();
        var marginals = Marginals(epic);
        var actions = Scored(epic, marginals);
        var videos = part switch
        {
            "verb" => marginals.Verbs(actions),
            "noun" => marginals.Nouns(actions),
            _ => actions,
        };
        if (part != "action")
        {
            var expected = epic[$"{part}_scores"]!.AsArray();
            var targets = epic[$"{part}_targets"]!.AsArray();
            for (var i = 0; i < expected.Count; i++)
            {
                AssertClose(Numbers(expected[i]!), videos.Rows[i].Scores, EpicTolerance);
                Assert.Equal($"{targets[i]}", videos.Rows[i].Label);
            }
        }

        var report = new ClassReport(videos);
        Assert.Equal(epic[$"{part}_top1"]!.GetValue<double>(), 100 * report.Top1, 1e-4);
        Assert.Equal(epic[$"{part}_top5"]!.GetValue<double>(), 100 * report.Top5, 1e-4);
    }

    private static JsonNode Epic() => GoldenPack.Json($"{Folder}/metrics.json")["epic"]!;

    private static ActionMarginals Marginals(JsonNode epic) =>
        ActionMarginals.FromEpicCsv(Texts(epic["csv"]!).Select(file => GoldenPack.PathOf($"{Folder}/{file}")));

    private static ScoredVideos Scored(JsonNode epic, ActionMarginals marginals)
    {
        var logits = epic["logits"]!.AsArray();
        var targets = epic["action_targets"]!.AsArray();
        return new ScoredVideos(marginals.Actions, [.. logits.Select((row, i) => new ScoredVideo(
            $"{i}", marginals.Actions[targets[i]!.GetValue<int>()], OriginalScores.MeanOfSoftmax([Numbers(row!)])))]);
    }

    private static IEnumerable<string> Texts(JsonNode node) => node.AsArray().Select(text => text!.GetValue<string>());

    private static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(number => number!.GetValue<double>())];

    private static void AssertClose(double[] expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
