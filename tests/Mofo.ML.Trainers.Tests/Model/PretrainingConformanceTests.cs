using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Golden part B: the original's pretraining model, from its own weights. Tolerances are the pack's.</summary>
public sealed class PretrainingConformanceTests : IDisposable
{
    private const double OutputTolerance = 2e-5;
    private const double LossTolerance = 2e-6;
    private const double GradientTolerance = 1e-4;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Parameters_come_in_the_order_of_the_original()
    {
        using var weights = GoldenPack.Npz("checkpoints/pretrain_init.npz");
        var model = new MaskedAutoencoder(GoldenModels.PretrainingConfig(), new Generator(1));
        Assert.Equal(weights.Names, model.named_parameters().Select(p => p.name));
        Assert.Equal(weights.Names, model.state_dict().Keys);
    }

    [Fact]
    public void Predictions_of_the_hidden_tokens_are_those_of_the_original()
    {
        var (model, pixels, visible, masked) = Build();
        using var golden = GoldenPack.Npz("pretrain/output.npz");
        var output = model.call(pixels.Seen(), visible, masked);
        var gap = GoldenModels.LargestGap(golden["output"].ToSingles(), GoldenModels.Values(output));
        TestContext.Current.SendDiagnosticMessage("pretraining output gap {0:E2}", gap);
        Assert.InRange(gap, 0, OutputTolerance);
    }

    [Fact]
    public void Encoder_output_is_that_of_the_original()
    {
        var (model, pixels, visible, _) = Build();
        using var golden = GoldenPack.Npz("pretrain/intermediates.npz");
        var expected = golden["encoder_out"].ToSingles();
        var encoded = GoldenModels.Values(model.Encoder.call(pixels.Seen(), visible));
        Assert.InRange(GoldenModels.LargestGap(expected, encoded[..expected.Length]), 0, OutputTolerance);
    }

    [Theory]
    [InlineData(true, "labels_normalised")]
    [InlineData(false, "labels_raw")]
    public void Targets_are_those_of_the_original(bool normalised, string name)
    {
        var (_, pixels, _, masked) = Build();
        using var golden = GoldenPack.Npz("pretrain/targets.npz");
        var targets = Targets(pixels, masked, normalised);
        var gap = GoldenModels.LargestGap(golden[name].ToSingles(), GoldenModels.Values(targets));
        TestContext.Current.SendDiagnosticMessage("{0} gap {1:E2}", name, gap);
        Assert.InRange(gap, 0, OutputTolerance);
    }

    [Theory]
    [InlineData(true, "loss_normalised")]
    [InlineData(false, "loss_raw_targets")]
    public void Losses_are_those_of_the_original(bool normalised, string name)
    {
        var (model, pixels, visible, masked) = Build();
        var expected = (double)GoldenPack.Json("pretrain/figures.json")[name]!;
        var loss = MaskedPixelLoss.Mean(model.call(pixels.Seen(), visible, masked), Targets(pixels, masked, normalised)).ToDouble();
        Assert.InRange(Math.Abs(loss - expected) / expected, 0, LossTolerance);
    }

    [Fact]
    public void Gradients_of_all_parameters_are_those_of_the_original()
    {
        var (model, pixels, visible, masked) = Build();
        using var golden = GoldenPack.Npz("pretrain/gradients_full.npz");
        MaskedPixelLoss.Mean(model.call(pixels.Seen(), visible, masked), Targets(pixels, masked, normalised: true)).backward();
        var gaps = model.named_parameters().ToDictionary(
            p => p.name, p => GoldenModels.RelativeGap(golden[p.name].ToSingles(), GoldenModels.Values(p.parameter.grad!)));
        Assert.Equal(golden.Names.Order(), gaps.Keys.Order());
        TestContext.Current.SendDiagnosticMessage("largest gradient gap {0:E2}", gaps.Values.Max());
        Assert.All(gaps, gap => Assert.InRange(gap.Value, 0, GradientTolerance));
    }

    private static Tensor Targets(Tensor pixels, Tensor masked, bool normalised)
    {
        var config = GoldenModels.PretrainingConfig();
        return normalised
            ? PatchTargets.Normalised(pixels, masked, config, TargetScale.Pixels)
            : PatchTargets.Raw(pixels, masked, config, TargetScale.Pixels);
    }

    private static (MaskedAutoencoder Model, Tensor Pixels, Tensor Visible, Tensor Masked) Build()
    {
        var model = new MaskedAutoencoder(GoldenModels.PretrainingConfig(), new Generator(1));
        using var weights = GoldenPack.Npz("checkpoints/pretrain_init.npz");
        GoldenModels.Load(model, weights);
        using var input = GoldenPack.Npz("pretrain/input.npz");
        var (visible, masked) = GoldenModels.Indices(input["mask"]);
        return (model, GoldenModels.TensorOf(input["videos"]), visible, masked);
    }
}
