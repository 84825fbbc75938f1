using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

public sealed class MaskedAutoencoderTests : IDisposable
{
    /// <summary>Pixels in [0,1] that are seen as they are.</summary>
    private static readonly TargetScale Plain = new(null, null, TargetScale.Pixels.Flat);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_model_built_inside_a_scope_outlives_it()
    {
        MaskedAutoencoder model;
        using (NewDisposeScope())
        {
            model = new MaskedAutoencoder(TinyModels.Config, new Generator(1));
        }

        using var fresh = new MaskedAutoencoder(TinyModels.Config, new Generator(1));
        Assert.Equal(fresh.named_parameters().Count(), model.named_parameters().Count());
        Assert.All(model.parameters(), p => Assert.False(p.IsInvalid));
        Assert.Equal([2, 12, 1536], Forward(model, 2, out _).shape);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights()
    {
        var (one, two, other) = (Build(1), Build(1), Build(2));
        Assert.Equal(GoldenModels.Values(one.parameters().Last()), GoldenModels.Values(two.parameters().Last()));
        Assert.NotEqual(GoldenModels.Values(one.parameters().Last()), GoldenModels.Values(other.parameters().Last()));
        Assert.All(one.parameters(), p => Assert.True(p.isfinite().all().ToBoolean()));
    }

    [Fact]
    public void Embedding_visible_tokens_only_equals_embedding_all_and_choosing()
    {
        var encoder = new Mofo.ML.Trainers.Model.Layers.TubeletEmbedding(TinyModels.Config);
        using (no_grad())
        {
            encoder.Projection.Weight.normal_(0, 1, new Generator(1));
        }

        var pixels = TinyModels.Pixels(2);
        var some = tensor(new long[] { 0, 3, 7, 1, 2, 15 }, [2, 3]);
        var all = encoder.call(pixels, null);
        var chosen = all.gather(1, some.unsqueeze(2).expand(-1, -1, all.shape[2]));
        Assert.InRange((encoder.call(pixels, some) - chosen).abs().max().ToDouble(), 0, 1e-4);
    }

    [Fact]
    public void The_embedding_is_a_strided_convolution()
    {
        var config = TinyModels.Config;
        var embedding = new Mofo.ML.Trainers.Model.Layers.TubeletEmbedding(config);
        var (weight, bias) = (embedding.Projection.Weight, embedding.Projection.Bias!);
        using (no_grad())
        {
            weight.normal_(0, 1, new Generator(1));
            bias.normal_(0, 1, new Generator(2));
        }

        var pixels = TinyModels.Pixels(1);
        long[] stride = [config.TubeletSize, config.PatchSize, config.PatchSize];
        var convolved = nn.functional.conv3d(pixels, weight, bias, strides: stride).flatten(2).transpose(1, 2);
        Assert.InRange((embedding.call(pixels, null) - convolved).abs().max().ToDouble(), 0, 1e-3);
    }

    [Theory]
    [InlineData(64, 4, 16)] // larger frames, fewer of them
    [InlineData(48, 12, 8)] // other patches too
    public void Other_sizes_work(int image, int frames, int patch)
    {
        var config = TinyModels.Config with { ImageSize = image, Frames = frames, PatchSize = patch };
        var model = new MaskedAutoencoder(config, new Generator(1));
        var masks = new[] { new RandomTubeMasking(0.75).Draw(config.Grid, [], new Random(1)) };
        var indices = MaskTensors.From(masks, config.TimeSlices, CPU);
        var output = model.call(randn([1, 3, frames, image, image]).Seen(), indices.Visible, indices.Masked);
        Assert.Equal([1, config.Tokens * 3 / 4, config.PixelsPerToken], output.shape);
    }

    [Fact]
    public void The_decoder_can_rebuild_a_part_of_the_hidden_tokens()
    {
        var config = TinyModels.Config with { ImageSize = 64 };
        var model = new MaskedAutoencoder(config, new Generator(1));
        var masks = new[] { new RandomTubeMasking(0.75).Draw(config.Grid, [], new Random(1)) };
        var indices = MaskTensors.From(masks, config.TimeSlices, CPU, new RunningCellMasking(0.5));
        Assert.Equal(6 * config.TimeSlices, indices.Masked.shape[1]);
        var output = model.call(randn([1, 3, config.Frames, 64, 64]).Seen(), indices.Visible, indices.Masked);
        Assert.Equal([1, 6 * config.TimeSlices, config.PixelsPerToken], output.shape);
    }

    [Fact]
    public void Flat_patches_have_targets_of_zero_and_others_unit_variance()
    {
        var pixels = full([1, 3, 8, 32, 32], 117 / 255f);
        pixels[0, 1, 0, 0, 0] = 118 / 255f;
        var tokens = tensor(new long[] { 0, 1 }, [1, 2]);
        var targets = PatchTargets.Normalised(pixels, tokens, TinyModels.Config, Plain);
        var perChannel = targets.unflatten(2, -1, 3);
        Assert.Equal(0, perChannel[0, 1].abs().max().ToDouble());
        Assert.Equal(0, perChannel[0, 0].select(1, 0).abs().max().ToDouble());
        Assert.Equal(1, perChannel[0, 0].select(1, 1).std().ToDouble(), 0.02);
    }

    [Fact]
    public void The_loss_is_split_by_region()
    {
        var predictions = tensor(new float[] { 1, 1, 3, 3 }, [1, 2, 2]).requires_grad_();
        var losses = MaskedPixelLoss.ByRegion(predictions, zeros(1, 2, 2), tensor(new[] { true, false }, [1, 2]));
        Assert.Equal([5, 1, 9], new[] { losses.Total.ToDouble(), losses.Inside.ToDouble(), losses.Outside.ToDouble() });
        Assert.True(losses.Total.requires_grad);
        Assert.False(losses.Inside.requires_grad);
    }

    [Fact]
    public void Masks_of_unequal_size_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => MaskTensors.From([new TubeMask([true, false]), new TubeMask([true, true])], 1, CPU));
        Assert.Contains("one batch needs equal counts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tiny_model_learns_a_batch_by_heart()
    {
        var model = Build(1);
        using var optimizer = new AdamW(
            model,
            ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05),
            new AdamWSettings(0.9, 0.95));
        var first = 0.0;
        var last = 0.0;
        for (var step = 0; step < 150; step++)
        {
            using var inner = NewDisposeScope();
            var output = Forward(model, 2, out var targets);
            var loss = MaskedPixelLoss.Mean(output, targets);
            last = loss.ToDouble();
            first = step == 0 ? last : first;
            loss.backward();
            optimizer.Step(5e-3);
            optimizer.ClearGradients();
        }

        Assert.InRange(last, 0, first / 4);
    }

    private static MaskedAutoencoder Build(ulong seed) => new(TinyModels.Config, new Generator(seed));

    private static Tensor Forward(MaskedAutoencoder model, int batch, out Tensor targets)
    {
        var config = TinyModels.Config;
        var random = new Random(4);
        var masks = Enumerable.Range(0, batch).Select(_ => new RandomTubeMasking(0.75).Draw(config.Grid, ReadOnlySpan<MotionBox>.Empty, random)).ToList();
        using var indices = MaskTensors.From(masks, config.TimeSlices, CPU);
        var pixels = TinyModels.Pixels(batch);
        targets = PatchTargets.Normalised(pixels, indices.Masked, config, Plain);
        return model.call(pixels.Seen(), indices.Visible, indices.Masked);
    }
}
