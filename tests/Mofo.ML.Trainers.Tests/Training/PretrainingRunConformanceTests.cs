using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Golden part B, runs a and b: five steps of the original's pretraining with its schedules, decay and clipping.</summary>
public sealed class PretrainingRunConformanceTests
{
    private const double LossTolerance = 1e-5;
    private const double LargestWeightGap = 5e-5;
    private const double MeanWeightGap = 1e-6;

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Five_steps_give_the_losses_and_weights_of_the_original(string run)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenPack.Json($"pretrain/train_run_{run}.json");
        using var input = GoldenPack.Npz("pretrain/input.npz");
        using var weights = GoldenPack.Npz("checkpoints/pretrain_init.npz");
        var config = GoldenModels.PretrainingConfig();
        var model = new MaskedAutoencoder(config, new Generator(1));
        GoldenModels.Load(model, weights);
        var pixels = GoldenModels.TensorOf(input["videos"]);
        var (visible, masked) = GoldenModels.Indices(input["mask"]);
        var targets = PatchTargets.Normalised(pixels, masked, config, TargetScale.Pixels);

        var perEpoch = (int)golden["niter_per_epoch"]!;
        var steps = (int)golden["epochs"]! * perEpoch;
        var rates = Schedule.Cosine((double)golden["lr"]!, (double)golden["min_lr"]!, steps, (int)golden["warmup_epochs"]! * perEpoch);
        var decays = Schedule.Cosine((double)golden["weight_decay"]!, (double)golden["weight_decay_end"]!, steps);
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), decays[0]);
        Assert.Equal(
            golden["groups"]!.AsArray().Select(g => g!["params"]!.AsArray().Select(p => (string)p!)),
            groups.Select(g => g.Names));
        using var optimizer = new AdamW(
            model, groups, new AdamWSettings((double)golden["betas"]![0]!, (double)golden["betas"]![1]!, (double)golden["eps"]!));

        var losses = GoldenModels.Doubles(golden["loss_before_each_step"]!);
        var norms = GoldenModels.Doubles(golden["grad_norm_each_step_before_clip"]!);
        for (var step = 0; step < losses.Length; step++)
        {
            Assert.Equal((double)golden["per_step_groups"]![step]![1]!["lr"]!, rates[step], 1e-12);
            Assert.Equal((double)golden["per_step_groups"]![step]![1]!["weight_decay"]!, decays[step], 1e-12);
            using var inner = NewDisposeScope();
            var loss = MaskedPixelLoss.Mean(model.call(pixels.Seen(), visible, masked), targets);
            Assert.InRange(Math.Abs(loss.ToDouble() - losses[step]) / losses[step], 0, LossTolerance);
            loss.backward();
            var norm = GradientClipping.Clip(model.parameters(), (double?)golden["clip_grad"]);
            Assert.InRange(Math.Abs(norm - norms[step]) / norms[step], 0, 1e-4);
            optimizer.Step(rates[step], decays[step]);
            optimizer.ClearGradients();
            if (run == "b" && step == 0)
            {
                AssertWeights(model, "pretrain/train_run_b_after_step1_weights.npz");
            }
        }

        AssertWeights(model, $"pretrain/train_run_{run}_final_weights.npz");
        var after = MaskedPixelLoss.Mean(model.call(pixels.Seen(), visible, masked), targets).ToDouble();
        Assert.InRange(Math.Abs(after - (double)golden["final_loss"]!) / after, 0, LossTolerance);
    }

    private static void AssertWeights(nn.Module model, string file)
    {
        using var expected = GoldenPack.Npz(file);
        double largest = 0, sum = 0;
        long count = 0;
        foreach (var (name, parameter) in model.named_parameters())
        {
            var theirs = expected[name].ToSingles();
            var gaps = theirs.Zip(GoldenModels.Values(parameter), (e, a) => Math.Abs((double)e - a)).ToArray();
            largest = Math.Max(largest, gaps.Max());
            sum += gaps.Sum();
            count += gaps.Length;
        }

        TestContext.Current.SendDiagnosticMessage("{0}: largest weight gap {1:E2}, mean {2:E2}", file, largest, sum / count);
        Assert.InRange(largest, 0, LargestWeightGap);
        Assert.InRange(sum / count, 0, MeanWeightGap);
    }
}
