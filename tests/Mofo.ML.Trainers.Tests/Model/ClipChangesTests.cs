using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Tests.OnnxExport;
using Mofo.ML.Transforms.OnnxScoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Networks that see the changes of a clip in place of its pixels.</summary>
public sealed class ClipChangesTests : IDisposable
{
    private static readonly VitConfig Config = TinyModels.Config with { Input = ClipInput.Changes };
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Property(MaxTest = 50)]
    public void The_scene_the_light_and_the_contrast_do_not_matter(byte seed, PositiveInt times)
    {
        using var scope = NewDisposeScope();
        var frames = 2 + (times.Get % 20);
        var moving = randn([2, 3, frames, 8, 8], generator: new Generator(seed));
        var scene = randn([2, 3, 1, 8, 8], generator: new Generator((ulong)seed + 1)) * 3;
        var before = ClipChanges.Of(moving).Values;
        var after = ClipChanges.Of((moving * 2).Plus(scene)).Values;
        // The floor of the strength tells contrasts apart by a per cent.
        Assert.InRange((before - after).abs().max().ToDouble(), 0, 0.02 * before.abs().max().ToDouble());
        Assert.InRange(before.pow(2).mean().ToDouble(), 0.85, 1); // 1 but for the floor
        Assert.InRange(before.mean([2]).abs().max().ToDouble(), 0, 1e-5);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(7)]
    [InlineData(48)]
    public void A_clip_that_stands_still_has_no_changes_and_no_targets(int frames)
    {
        var pixels = randn([1, 3, 1, 32, 32], generator: new Generator(3)).expand(1, 3, frames, 32, 32).contiguous();
        Assert.InRange(ClipChanges.Of(pixels).Values.abs().max().ToDouble(), 0, ClipChanges.Smallest);

        var config = Config with { Frames = frames, TubeletSize = 1 };
        var targets = new ReconstructionTargets(config, normalised: true).Of(pixels.Seen(ClipInput.Changes), tensor(new long[] { 0, 3 }, [1, 2]));
        Assert.Equal(0, targets.abs().max().ToDouble());
    }

    [Fact]
    public void A_classifier_does_not_see_the_scene()
    {
        using var model = new VideoClassifier(Config, new ClassifierShape(3, MotionFusion.None) { HeadScale = 1 }, new Generator(5));
        var pixels = TinyModels.Pixels(2);
        var elsewhere = pixels.Plus(randn([2, 3, 1, 32, 32], generator: new Generator(9)));
        var (here, there) = (model.call(pixels.Seen(ClipInput.Changes), null), model.call(elsewhere.Seen(ClipInput.Changes), null));
        Assert.InRange((here - there).abs().max().ToDouble(), 0, 1e-4);

        using var usual = new VideoClassifier(TinyModels.Config, new ClassifierShape(3, MotionFusion.None) { HeadScale = 1 }, new Generator(5));
        Assert.True((usual.call(pixels.Seen(), null) - usual.call(elsewhere.Seen(), null)).abs().max().ToDouble() > 0.01);
    }

    [Theory]
    [InlineData(ClipInput.Pixels, true)]
    [InlineData(ClipInput.Pixels, false)]
    [InlineData(ClipInput.Changes, true)]
    [InlineData(ClipInput.Changes, false)]
    public void Perfect_predictions_give_the_pixels_of_the_clip(ClipInput input, bool normalised)
    {
        var config = TinyModels.Config with { Input = input };
        var pixels = TinyModels.Pixels(2);
        var tokens = tensor(new long[] { 0, 5, 11, 1, 2, 15 }, [2, 3]);
        var targets = new ReconstructionTargets(config, normalised);
        var expected = PatchTargets.Raw(pixels, tokens, config, TargetScale.Pixels);
        var clips = pixels.Seen(input);
        Assert.InRange((targets.ToPixels(targets.Of(clips, tokens), clips, tokens) - expected).abs().max().ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void Exported_networks_see_the_same()
    {
        var pixels = TinyModels.Pixels(3);
        var shape = new ClassifierShape(3, MotionFusion.None) { HeadScale = 1 };
        using var classifier = new VideoClassifier(Config, shape, new Generator(5));
        using var exported = ExportedModel.Of(classifier, Config, shape);
        var scores = exported.Run(OnnxColumns.Scores, pixels, new float[3 * Config.Frames * 4]);
        Assert.InRange(GoldenModels.LargestGap(Values(nn.functional.softmax(classifier.call(pixels.Seen(ClipInput.Changes), null), -1)), scores), 0, 1e-5);

        using var autoencoder = new MaskedAutoencoder(Config, new Generator(6));
        using var encoder = ExportedModel.Of(autoencoder.Encoder, Config);
        Assert.InRange(GoldenModels.LargestGap(Values(autoencoder.Encoder.call(pixels.Seen(ClipInput.Changes), null).mean([1])), encoder.Run(OnnxColumns.Features, pixels)), 0, 1e-5);
    }

    [Fact]
    public void An_unknown_input_is_refused()
    {
        var error = Assert.Throws<Mofo.ML.Transforms.MofoOptionsException>((Config with { Input = (ClipInput)7 }).Validate);
        Assert.Equal(["Input is 7; it must be one of Pixels, Changes."], error.Problems);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
