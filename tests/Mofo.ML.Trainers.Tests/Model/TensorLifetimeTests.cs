using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>No method leaves a temporary behind: what lives after a step is what lived before it.</summary>
public sealed class TensorLifetimeTests
{
    [Theory]
    [InlineData(MotionFusion.MultiHeadCrossAttention, true)]
    [InlineData(MotionFusion.SoftAttention, true)]
    [InlineData(MotionFusion.WeightedMean, true)]
    [InlineData(MotionFusion.None, true)]
    [InlineData(MotionFusion.AttentivePooling, true)]
    [InlineData(MotionFusion.AttentivePooling, false)]
    [InlineData(MotionFusion.MultiHeadCrossAttention, false)]
    [InlineData(MotionFusion.None, false)]
    public void A_classifiers_forward_leaves_its_result_alone(MotionFusion fusion, bool trains)
    {
        using var model = TinyModels.Classifier(fusion, dropPath: 0.2);
        using var pixels = TinyModels.Pixels(4);
        using var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        using var frozen = trains ? null : no_grad();
        model.call(pixels.Seen(), inside).Dispose(); // position tables are made once

        var before = Live();
        var logits = model.call(pixels.Seen(), inside);
        Assert.Equal(before + 1, Live());
        logits.Dispose();
        Assert.Equal(before, Live());
    }

    [Fact]
    public void An_optimizer_leaves_nothing()
    {
        using var model = new MaskedAutoencoder(TinyModels.Config, new Generator(1));
        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05);
        var before = Live();
        using (var optimizer = new AdamW(model, groups, new AdamWSettings()))
        {
            // Two running means for each parameter, and two for each group.
            Assert.Equal(before + (2 * (groups.Sum(group => group.Names.Count) + groups.Count)), Live());
        }

        Assert.Equal(before, Live());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_pretraining_step_leaves_nothing(ScalarType computeType)
    {
        using var model = new MaskedAutoencoder(TinyModels.Config, new Generator(1));
        ComputeTypes.Apply(model, computeType);
        using var optimizer = new AdamW(
            model, ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05), new AdamWSettings());
        using var average = new WeightAverage(model, 0.9);
        using var pixels = TinyModels.Pixels(2);
        Step();

        var before = Live();
        Step();
        Assert.Equal(before, Live());

        void Step()
        {
            var config = TinyModels.Config;
            var random = new Random(1);
            var masking = new MotionTubeMasking(0.75, 0.5);
            TubeMask[] masks = [masking.Draw(config.Grid, [], random), masking.Draw(config.Grid, [], random)];
            using var indices = MaskTensors.From(masks, config.TimeSlices, CPU);
            using var targets = PatchTargets.Normalised(pixels, indices.Masked, config, TargetScale.Pixels);
            using var output = model.call(pixels.Seen(), indices.Visible, indices.Masked);
            using var inside = zeros_like(indices.Masked, dtype: ScalarType.Bool);
            var losses = MaskedPixelLoss.ByRegion(output, targets, inside);
            losses.Total.backward();
            losses.Total.Dispose();
            losses.Inside.Dispose();
            losses.Outside.Dispose();
            _ = GradientClipping.Clip(model.parameters(), 1);
            optimizer.Step(1e-3);
            optimizer.ClearGradients();
            average.Update();
        }
    }

    /// <summary>Tensors made on this thread and not yet disposed: the statistics count per thread, so tests in parallel do not disturb.</summary>
    private static long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
