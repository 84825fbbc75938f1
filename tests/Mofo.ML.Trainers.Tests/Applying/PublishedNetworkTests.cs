using System.Text.Json.Nodes;
using Mofo.ML.Trainers.Applying;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.OnnxExport;
using Mofo.ML.Trainers.Tests.Weights;
using Mofo.ML.Trainers.Tests.Weights.Facts;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OnnxScoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Applying;

/// <summary>Networks of HuggingFace folders give what transformers' definitions say, computed by hand in double.</summary>
public sealed class PublishedNetworkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-published-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("mean pooling")]
    [InlineData("first token")]
    [InlineData("no biases of queries and values")]
    [InlineData("no head")]
    [InlineData("pretraining")]
    [InlineData("small variances")]
    public void Features_and_logits_are_those_of_transformers(string kind)
    {
        var tensors = CheckpointFiles.AsHuggingFace(kind == "pretraining" ? CheckpointFiles.Pretraining() : CheckpointFiles.Classifier());
        var config = HuggingFaceFolders.Config(meanPooling: kind is not ("first token" or "pretraining"));
        switch (kind)
        {
            case "first token":
                tensors = [.. tensors.Select(t => t.Renamed(t.Name.Replace("fc_norm.", "videomae.layernorm.", StringComparison.Ordinal)))];
                break;
            case "no biases of queries and values":
                tensors.RemoveAll(t => t.Name.EndsWith("q_bias", StringComparison.Ordinal) || t.Name.EndsWith("v_bias", StringComparison.Ordinal));
                config["qkv_bias"] = false;
                break;
            case "no head":
                tensors.RemoveAll(t => t.Name.StartsWith("classifier.", StringComparison.Ordinal) || t.Name.StartsWith("fc_norm.", StringComparison.Ordinal));
                break;
            case "small variances":
                config["layer_norm_eps"] = 0.01; // the value in the settings counts, not a constant
                break;
        }

        HuggingFaceFolders.Write(_folder, tensors, config);
        AssertAgrees(config);
        AssertExportAgrees();
    }

    [Fact]
    public void Features_joined_by_the_motion_box_are_not_exported()
    {
        var tensors = CheckpointFiles.AsHuggingFace(CheckpointFiles.Classifier());
        tensors.RemoveAll(t => t.Name.StartsWith("classifier.", StringComparison.Ordinal) || t.Name.StartsWith("fc_norm.", StringComparison.Ordinal));
        HuggingFaceFolders.Write(_folder, tensors, HuggingFaceFolders.Config());
        using var exported = new ExportedModel();
        var error = Assert.Throws<MofoOptionsException>(() => MofoWeights.ConvertToOnnx(_folder, exported.Path, new MofoModelOptions { Fusion = MotionFusion.WeightedMean }));
        Assert.Contains("Fusion is WeightedMean and the weights have no head; an ONNX file of features takes no motion boxes, so it must be None.", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(exported.Path));
    }

    private void AssertAgrees(JsonObject config)
    {
        var plan = PublishedPlan.Of(_folder, new MofoModelOptions());
        var (network, report) = plan.Load();
        using var loaded = network;
        Assert.True(report.IsComplete, report.ToString());
        network.eval();
        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(2) * 0.7f;
        var features = GoldenModels.Values(network.Features(SeenClips.Of(pixels, ClipInput.Pixels), null));
        using var weights = WeightFiles.Open(_folder);
        var reference = new TransformersReference(weights, config);
        var values = pixels.data<float>().ToArray();
        for (var clip = 0; clip < 2; clip++)
        {
            var (frames, size) = (TinyModels.Config.Frames, TinyModels.Config.ImageSize);
            var first = clip * 3 * frames * size * size;
            var expected = reference.Run((c, t, y, x) => values[first + (((((c * frames) + t) * size) + y) * size) + x]);
            AssertClose(expected.Features, features.AsSpan(clip * TinyModels.Config.EmbedDim, TinyModels.Config.EmbedDim));
            if (expected.Logits is { } logits)
            {
                var all = GoldenModels.Values(network.Logits(network.Features(SeenClips.Of(pixels, ClipInput.Pixels), null)));
                AssertClose(logits, all.AsSpan(clip * logits.Length, logits.Length));
                var scores = network.call(SeenClips.Of(pixels, ClipInput.Pixels), null)[clip].cpu().data<float>().ToArray()[^logits.Length..];
                var sum = logits.Sum(Math.Exp);
                AssertClose([.. logits.Select(l => Math.Exp(l) / sum)], scores);
            }
        }
    }

    /// <summary>The ONNX file gives what the network gives: its epsilons, norms and pooling are in the graph.</summary>
    private void AssertExportAgrees()
    {
        var plan = PublishedPlan.Of(_folder, new MofoModelOptions());
        using var network = plan.Load().Network;
        network.eval();
        using var frozen = no_grad();
        using var exported = new ExportedModel();
        _ = MofoWeights.ConvertToOnnx(_folder, exported.Path);
        var (pixels, classes) = (TinyModels.Pixels(2) * 0.7f, plan.Shape.Classes);
        var all = network.call(SeenClips.Of(pixels, ClipInput.Pixels), null);
        var expected = classes > 0 ? all.narrow(1, TinyModels.Config.EmbedDim, classes) : all;
        var found = exported.Run(classes > 0 ? OnnxColumns.Scores : OnnxColumns.Features, pixels, classes > 0 ? new float[2 * TinyModels.Config.Frames * 4] : null);
        Assert.InRange(GoldenModels.LargestGap(GoldenModels.Values(expected), found), 0, 1e-5);
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        }

        TestContext.Current.SendDiagnosticMessage("largest gap {0:E2}", largest);
        Assert.InRange(largest, 0, 2e-5);
    }
}
