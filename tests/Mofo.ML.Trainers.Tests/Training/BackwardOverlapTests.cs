using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Trainers.Training.World;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Gradients leave while the backward pass still runs, none before it is complete, and all are those of a pass in one piece.</summary>
public sealed class BackwardOverlapTests
{
    private const string Pretraining = "Pretraining";

    private static readonly VitConfig Config = TinyModels.Config with { Depth = 4, DecoderDepth = 2 };

    [Theory]
    [InlineData(Pretraining, false)]
    [InlineData(Pretraining, true)]
    [InlineData(nameof(MotionFusion.None), false)]
    [InlineData(nameof(MotionFusion.None), true)]
    [InlineData(nameof(MotionFusion.WeightedMean), false)]
    [InlineData(nameof(MotionFusion.SoftAttention), false)]
    [InlineData(nameof(MotionFusion.MultiHeadCrossAttention), false)]
    [InlineData(nameof(MotionFusion.AttentivePooling), false)]
    public void Gradients_that_leave_early_are_to_the_bit_those_of_a_backward_pass_in_one_piece(string network, bool bfloat16)
    {
        using var scope = NewDisposeScope();
        using var plain = Make(network, bfloat16);
        using var cut = Make(network, bfloat16);
        var world = new Doubling(cut);
        using var exchange = new GradientExchange(cut, world, bucketValues: 2000);
        foreach (var isLast in new[] { false, true })
        {
            Loss(plain, isLast ? 1 : 2).backward();
            world.LastPassBegins();
            exchange.Expect(isLast);
            exchange.Backward(Loss(cut, isLast ? 1 : 2));
            Assert.Equal(isLast, world.Sums > 0);
        }

        exchange.Sum();
        Assert.Equal(exchange.Buckets, world.Sums);
        Assert.InRange(world.Early, 3, exchange.Buckets - 1);
        foreach (var (one, other) in plain.parameters().Zip(cut.parameters()))
        {
            Assert.Equal(one.grad is null, other.grad is null);
            Assert.True(one.grad is null || Values(one.grad * 2).AsSpan().SequenceEqual(Values(other.grad!)));
        }
    }

    [Theory]
    [InlineData(Pretraining)]
    [InlineData(nameof(MotionFusion.AttentivePooling))]
    public void The_order_of_the_forward_pass_has_every_parameter_once(string network)
    {
        using var model = Make(network, bfloat16: false);
        Assert.Equal(model.parameters().Select(p => p.Handle).Order(), IForwardOrder.Of(model).Select(p => p.Handle).Order());
    }

    [Fact]
    public void A_bucket_that_holds_the_whole_network_leaves_after_a_pass_that_is_not_cut()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Pretraining, bfloat16: false);
        var world = new Doubling(model);
        using var exchange = new GradientExchange(model, world);
        exchange.Expect(isLast: true);
        exchange.Backward(Loss(model, seed: 1));
        Assert.Equal(0, world.Sums);
        exchange.Sum();
        Assert.Equal((1, 0), (world.Sums, world.Early));
    }

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    private static nn.Module Make(string network, bool bfloat16)
    {
        nn.Module model = network == Pretraining
            ? new MaskedAutoencoder(Config, new Generator(5))
            : new VideoClassifier(Config, new ClassifierShape(3, Enum.Parse<MotionFusion>(network)) { DropPath = 0.3, HeadScale = 1 }, new Generator(5));
        if (bfloat16)
        {
            ComputeTypes.Apply(model, ScalarType.BFloat16);
        }

        model.train();
        return model;
    }

    private static Tensor Loss(nn.Module model, int seed)
    {
        IRandomLayer.ReseedAll(model, new Random(seed));
        var clips = TinyModels.Pixels(4, seed).Seen();
        if (model is VideoClassifier classifier)
        {
            return classifier.call(clips, TokenRegions.Of(Config, TinyModels.Boxes(), CPU)).square().mean();
        }

        var tokens = arange(Config.Tokens, ScalarType.Int64).expand(4, -1);
        return ((MaskedAutoencoder)model).call(clips, tokens.narrow(1, 0, 6), tokens.narrow(1, 6, Config.Tokens - 6)).square().mean();
    }

    /// <summary>Two processes with the same gradients: every sum is twice what this one has at the moment when the bucket leaves.</summary>
    private sealed class Doubling(nn.Module model) : TwoRanks
    {
        private readonly Tensor _embedding = model.named_parameters().First(p => p.name.Contains("patch_embed", StringComparison.Ordinal)).parameter;
        private float[]? _before;

        public int Sums { get; private set; }

        /// <summary>Buckets that left before the embedding, which comes last, had its gradient.</summary>
        public int Early { get; private set; }

        public void LastPassBegins() => _before = Gradient();

        internal override IPendingSum BeginSum(Tensor values)
        {
            _ = values.mul_(2);
            Sums++;
            Early += Gradient().AsSpan().SequenceEqual(_before) ? 1 : 0;
            return Alone.BeginSum(values);
        }

        private float[]? Gradient() => _embedding.grad is { } gradient ? Values(gradient) : null;
    }
}
