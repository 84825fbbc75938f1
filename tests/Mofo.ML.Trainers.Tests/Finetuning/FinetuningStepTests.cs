using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class FinetuningStepTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Without_mixing_it_is_the_smoothed_cross_entropy_of_the_batch()
    {
        var model = TinyModels.Classifier(MotionFusion.MultiHeadCrossAttention);
        var batch = Batch(1, 1, 1, 1);
        var pixels = PixelBatch.Stack([.. batch.Select(clip => clip.Pixels)], TinyModels.Config, CPU);
        var inside = TokenRegions.Inside(TinyModels.Config, [.. batch.Select(clip => clip.Boxes)], CPU);
        var targets = SmoothedTargets.Of(tensor(batch.Select(clip => (long)clip.Label).ToArray()), 3, 0.1);
        var expected = SoftTargetCrossEntropy.Mean(model.call(pixels.Seen(), inside), targets).ToSingle();
        Assert.Equal(expected, Loss(batch, Plain()), 1e-5f);
    }

    [Fact]
    public void A_weight_of_two_counts_as_the_clip_twice()
    {
        var batch = Batch(2, 1, 1, 0);
        var doubled = (4 * Loss(batch, Plain())) - Loss([batch[0]], Plain(), weightOfFirst: 1) - Loss([batch[1]], Plain()) - Loss([batch[2]], Plain());
        Assert.Equal(Loss([batch[0]], Plain(), weightOfFirst: 1), doubled, 1e-4f);
    }

    [Fact]
    public void Mixing_changes_the_loss_and_repeats_with_its_random_source()
    {
        var batch = Batch(1, 1, 1, 1);
        var mixed = Plain();
        (mixed.MixupAlpha, mixed.CutmixAlpha) = (0.8, 1);
        var first = Loss(batch, mixed, seed: 3);
        Assert.True(float.IsFinite(first));
        Assert.Equal(first, Loss(batch, mixed, seed: 3), 1e-6f);
        Assert.NotEqual(first, Loss(batch, Plain()), 1e-4f);
        Assert.Equal(Loss(batch, Plain()), Loss(batch, Plain()), 1e-6f); // mixing works on a copy: the clips stay as they were
    }

    private static MofoFinetuningOptions Plain() => new() { Model = TinyModels.Config, MixupAlpha = 0, CutmixAlpha = 0 };

    private static float Loss(IReadOnlyList<FinetuningClip> batch, MofoFinetuningOptions options, int seed = 1, float? weightOfFirst = null)
    {
        if (weightOfFirst is { } weight)
        {
            batch = [batch[0] with { Weight = weight }, .. batch.Skip(1)];
        }

        var model = TinyModels.Classifier(MotionFusion.MultiHeadCrossAttention);
        return new FinetuningStep(model, 3, options, CPU).Loss(batch, new Random(seed)).Total.ToSingle();
    }

    private static FinetuningClip[] Batch(params float[] weights) => [.. weights.Select((weight, i) =>
    {
        var side = TinyModels.Config.ImageSize;
        using var clip = new Clip(TinyModels.Config.Frames, side, side);
        new Random(i).NextBytes(clip.Pixels);
        var boxes = Enumerable.Range(0, clip.Length).Select(_ => new MotionBox(4 * i, 4 * i, (4 * i) + 10, (4 * i) + 10)).ToArray();
        return new FinetuningClip($"clip{i}", new PixelBuffer(clip), boxes, i % 3, weight);
    })];
}
