using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Golden part C: the original's classifiers, plain and box-focused, from its own weights. Tolerances are the pack's.</summary>
public sealed class ClassifierConformanceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<MotionFusion, string> Fusions => GoldenClassifiers.Fusions;

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Membership_of_the_clips_tokens_is_exactly_that_of_the_original()
    {
        var (_, inside, _) = GoldenClassifiers.Input();
        using var golden = GoldenPack.Npz("finetune/patch_membership.npz");
        Assert.Equal(golden["mask"].Shape, inside.shape);
        Assert.Equal(golden["mask"].Bytes.Select(b => b != 0), inside.cpu().data<bool>().ToArray());
    }

    [Fact]
    public void Membership_of_odd_boxes_is_exactly_that_of_the_original()
    {
        var (config, _, _) = GoldenModels.FinetuningConfig();
        foreach (var (name, @case) in GoldenPack.Json("finetune/patch_membership_cases.json").AsObject())
        {
            var corners = @case!["box"]!.AsArray().Select(v => (float)v!).ToArray();
            var box = ReleaseBoxes.AsArraySlice(new MotionBox(corners[0], corners[1], corners[2], corners[3]), config.ImageSize);
            var tokens = new bool[config.Tokens];
            TokenRegions.Mark(config, [box], tokens);
            var cells = config.Grid.Cells;
            Assert.Equal(@case["first_time_slice_patches"]!.AsArray().Select(v => (int)v!), Enumerable.Range(0, cells).Where(i => tokens[i]));
            Assert.Equal(
                @case["count_per_time_slice"]!.AsArray().Select(v => (int)v!),
                Enumerable.Range(0, config.TimeSlices).Select(slice => tokens.Skip(slice * cells).Take(cells).Count(t => t)));
            Assert.False(string.IsNullOrEmpty(name));
        }
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Features_and_logits_are_those_of_the_original(MotionFusion fusion, string name)
    {
        var (pixels, inside, _) = GoldenClassifiers.Input();
        using var golden = GoldenPack.Npz("finetune/outputs.npz");
        foreach (var (head, tolerance) in new[] { ("init_head", 1e-6), ("scaled_head", 2e-5) })
        {
            var model = GoldenClassifiers.Build(fusion, head == "scaled_head");
            using var frozen = no_grad();
            var features = Gap(golden[$"{name}_{head}_features"], model.Features(pixels.Seen(), inside));
            var logits = Gap(golden[$"{name}_{head}_logits"], model.call(pixels.Seen(), inside));
            TestContext.Current.SendDiagnosticMessage("{0} {1}: features {2:E2}, logits {3:E2}", name, head, features, logits);
            Assert.InRange(features, 0, 2e-5);
            Assert.InRange(logits, 0, tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Loss_and_gradient_lengths_are_those_of_the_original(MotionFusion fusion, string name)
    {
        var (pixels, inside, targets) = GoldenClassifiers.Input();
        var figures = GoldenPack.Json("finetune/figures.json");
        foreach (var head in new[] { "init_head", "scaled_head" })
        {
            var golden = name == "plain" ? figures["plain"]![head]! : figures["bb_focused"]![name[3..]]![head]!;
            var model = GoldenClassifiers.Build(fusion, head == "scaled_head");

            // The pack leaves out sample 2 (a box over the whole frame): the original's weighted mean and soft attention give NaN there.
            var chosen = tensor(Enumerable.Range(0, (int)targets.shape[0]).Where(i => name == "plain" || i != 2).Select(i => (long)i).ToArray(), device: TestDevice.Chosen);
            var logits = model.call(pixels.index_select(0, chosen).Seen(), inside.index_select(0, chosen));
            var loss = SoftTargetCrossEntropy.Mean(logits, SmoothedTargets.Of(targets.index_select(0, chosen), (int)logits.shape[1]));
            Assert.Equal((double)golden[name == "plain" ? "cross_entropy" : "ce_over_samples_0_1_3_4"]!, loss.ToDouble(), 1e-5);
            loss.backward();
            AssertGradients(model, golden[name == "plain" ? "grad_norms" : "grad_norms_over_samples_0_1_3_4"]!);
        }
    }

    [Fact]
    public void Smoothed_and_soft_target_losses_are_those_of_the_original()
    {
        var (pixels, inside, targets) = GoldenClassifiers.Input();
        foreach (var head in new[] { "init_head", "scaled_head" })
        {
            var golden = GoldenPack.Json("finetune/figures.json")["plain"]![head]!;
            var logits = GoldenClassifiers.Build(MotionFusion.None, head == "scaled_head").call(pixels.Seen(), inside);
            var smoothed = SmoothedTargets.Of(targets, (int)logits.shape[1], 0.1);
            var soft = tensor(golden["soft_targets"]!.AsArray().SelectMany(row => row!.AsArray().Select(v => (float)v!)).ToArray(), logits.shape, device: TestDevice.Chosen);
            Assert.Equal((double)golden["label_smoothing_0p1_loss"]!, SoftTargetCrossEntropy.Mean(logits, smoothed).ToDouble(), 1e-5);
            Assert.Equal((double)golden["soft_target_loss"]!, SoftTargetCrossEntropy.Mean(logits, soft).ToDouble(), 1e-5);
        }
    }

    [Theory]
    [InlineData(MotionFusion.None, "plain", "plain_after_3_steps.npz")]
    [InlineData(MotionFusion.MultiHeadCrossAttention, "MCA", "bb_mca_after_3_steps.npz")]
    public void Three_steps_with_layer_decay_give_the_weights_of_the_original(MotionFusion fusion, string name, string file)
    {
        var (pixels, inside, targets) = GoldenClassifiers.Input();
        var figures = GoldenPack.Json("finetune/figures.json");
        var golden = (name == "plain" ? figures["plain"]! : figures["bb_focused"]![name]!)["steps"]!;
        var (config, classes, _) = GoldenModels.FinetuningConfig();
        var model = GoldenClassifiers.Build(fusion, scaledHead: true);
        var groups = ParameterGroups.Divide(
            model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())),
            (double)golden["weight_decay"]!,
            (double)golden["layer_decay"]!,
            config.Depth);
        using var optimizer = new AdamW(
            model, groups, new AdamWSettings((double)golden["betas"]![0]!, (double)golden["betas"]![1]!, (double)golden["eps"]!));
        var losses = GoldenModels.Doubles(golden["loss_before_each_step"]!);
        var norms = GoldenModels.Doubles(golden["grad_norm"]!);
        var rates = GoldenModels.Doubles(golden["lr"]!);
        var smoothed = SmoothedTargets.Of(targets, classes, 0.1);
        for (var step = 0; step < losses.Length; step++)
        {
            var loss = SoftTargetCrossEntropy.Mean(model.call(pixels.Seen(), inside), smoothed);
            Assert.Equal(losses[step], loss.ToDouble(), 1e-5 * losses[step]);
            loss.backward();
            Assert.Equal(norms[step], GradientClipping.Clip(model.parameters(), null), 1e-4 * norms[step]);
            optimizer.Step(rates[step]);
            optimizer.ClearGradients();
        }

        using var expected = GoldenPack.Npz($"finetune/{file}");
        double largest = 0;
        foreach (var (parameter, weight) in model.named_parameters())
        {
            largest = Math.Max(largest, Gap(expected[parameter], weight));
        }

        TestContext.Current.SendDiagnosticMessage("{0}: largest weight gap {1:E2}", file, largest);
        Assert.InRange(largest, 0, 5e-5);
        var after = SoftTargetCrossEntropy.Mean(model.call(pixels.Seen(), inside), smoothed).ToDouble();
        Assert.Equal((double)golden["loss_after"]!, after, 1e-5 * after);
    }

    private static double Gap(NpyArray expected, Tensor actual)
    {
        var (theirs, ours) = (expected.ToSingles(), GoldenModels.Values(actual));
        Assert.Equal(expected.Shape, actual.shape);
        Assert.All(ours, value => Assert.True(float.IsFinite(value)));

        // NaN of the original (nothing outside the box) has no counterpart: ours is finite, checked above.
        return theirs.Zip(ours).Where(pair => !float.IsNaN(pair.First)).Max(pair => Math.Abs((double)pair.First - pair.Second));
    }

    private static void AssertGradients(VideoClassifier model, JsonNode golden)
    {
        var worst = 0.0;
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var gradient = parameter.grad;
            var actual = gradient?.norm().ToDouble() ?? 0;
            var expected = golden[name] is { } norm ? (double)norm : 0;
            var gap = Math.Abs(actual - expected);
            Assert.InRange(gap, 0, expected < 1e-6 ? 1e-6 : 1e-4 * expected);
            worst = Math.Max(worst, expected < 1e-6 ? 0 : gap / expected);
        }

        TestContext.Current.SendDiagnosticMessage("largest gradient gap {0:E2}", worst);
    }
}
