using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>The attention of bfloat16 on a CPU against float32 by torch's own operations.</summary>
public sealed class PackedAttentionTests
{
    /// <summary>bfloat16 keeps 8 bits; sums over tokens add up.</summary>
    private const double Tolerance = 0.02;

    [Theory]
    [InlineData(1, 16, 2, 8)]
    [InlineData(2, 37, 3, 8)]
    [InlineData(3, 160, 2, 16)]
    [InlineData(40, 72, 3, 32)] // two groups of samples, the second smaller
    public void Result_and_gradient_are_those_of_float32(int batch, int tokens, int heads, int perHead)
    {
        using var scope = NewDisposeScope();
        var width = heads * perHead;
        var values = randn([batch, tokens, 3 * width], generator: new Generator(1)).to(ScalarType.BFloat16);
        var weights = randn([batch, tokens, width], generator: new Generator(2));
        Assert.SkipUnless(PackedAttention.Fits(values), "This processor has no AVX-512.");

        var (expected, expectedGradient) = Run(values.to(ScalarType.Float32), weights, packed =>
        {
            var parts = packed.chunk(3, -1);
            return ScaledDotProduct.Attend(parts[0], parts[1], parts[2], heads);
        });
        var (result, gradient) = Run(values, weights, packed => PackedAttention.Attend(packed, heads));

        Assert.InRange(Gap(result, expected), 0, Tolerance);
        Assert.InRange(Gap(gradient, expectedGradient), 0, Tolerance);
    }

    [Fact]
    public void The_softmax_of_many_scores_which_threads_share_is_that_of_a_few_at_a_time()
    {
        using var scope = NewDisposeScope();
        using var scores = randn([2, 800, 800], generator: new Generator(3)).to(ScalarType.BFloat16);
        Assert.SkipUnless(SoftmaxKernel.Fits(scores), "This processor has no AVX-512.");
        var few = scores.clone();
        for (var row = 0; row < 800; row += 100)
        {
            SoftmaxKernel.Softmax(few[0].narrow(0, row, 100), 0.5f);
            SoftmaxKernel.Softmax(few[1].narrow(0, row, 100), 0.5f);
        }

        SoftmaxKernel.Softmax(scores, 0.5f);
        Assert.Equal(few.to(ScalarType.Float32).data<float>().ToArray(), scores.to(ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void Without_gradients_the_result_is_the_same()
    {
        using var scope = NewDisposeScope();
        using var packed = randn([2, 37, 48], generator: new Generator(1)).to(ScalarType.BFloat16);
        Assert.SkipUnless(PackedAttention.Fits(packed), "This processor has no AVX-512.");
        var trained = PackedAttention.Attend(packed.detach().requires_grad_(), 2);
        using var frozen = no_grad();
        Assert.True(PackedAttention.Attend(packed, 2).equal(trained.detach()).all().ToBoolean());
    }

    [Fact]
    public void Scores_that_are_not_numbers_stay_visible()
    {
        using var scope = NewDisposeScope();
        var packed = randn([1, 20, 24], generator: new Generator(1)).to(ScalarType.BFloat16);
        Assert.SkipUnless(PackedAttention.Fits(packed), "This processor has no AVX-512.");
        using var frozen = no_grad();
        _ = packed[0, 3].fill_(double.NaN);
        Assert.True(PackedAttention.Attend(packed, 1).isnan().all().ToBoolean());
    }

    [Fact]
    public void Large_scores_do_not_overflow()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new float[] { 0, 30000, 30000, -30000, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 }, [1, 17]).to(ScalarType.BFloat16);
        Assert.SkipUnless(SoftmaxKernel.Fits(scores), "This processor has no AVX-512.");
        SoftmaxKernel.Softmax(scores, 1);
        var weights = scores.to(ScalarType.Float32).data<float>().ToArray();
        Assert.Equal([0.5f, 0.5f], weights[1..3]);
        Assert.Equal(1, weights.Sum(), 1e-3f);
    }

    [Fact]
    public void Scores_beyond_two_GiB_are_reached_to_the_last_row()
    {
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 8L << 30, "Less than 8 GiB of memory.");
        using var scope = NewDisposeScope();
        const long Rows = 70_000, Width = 16_000; // 2.24 GB of bfloat16
        using var scores = zeros([Rows, Width], ScalarType.BFloat16);
        Assert.SkipUnless(SoftmaxKernel.Fits(scores), "This processor has no AVX-512.");
        _ = scores[Rows - 1, Width - 1].fill_(20);
        SoftmaxKernel.Softmax(scores, 1);
        Assert.Equal(1, scores[Rows - 1, Width - 1].to(ScalarType.Float32).item<float>(), 1e-2f);
        Assert.Equal(1f / Width, scores[Rows - 2, 0].to(ScalarType.Float32).item<float>(), 1e-6f);
    }

    [Fact]
    public void Weights_rounded_for_scoring_follow_training()
    {
        using var scope = NewDisposeScope();
        using var layer = new MixedLinear(8, 8) { ComputeType = ScalarType.BFloat16 };
        using var frozen = no_grad();
        using var input = ones(1, 8);
        layer.eval();
        Assert.Equal(0, layer.call(input).sum().to(ScalarType.Float32).item<float>());

        layer.train();
        _ = layer.Weight.fill_(1);
        layer.eval();
        Assert.Equal(64, layer.call(input).sum().to(ScalarType.Float32).item<float>());
    }

    private static (Tensor Result, Tensor Gradient) Run(Tensor values, Tensor weights, Func<Tensor, Tensor> attend)
    {
        var packed = values.detach().clone().requires_grad_();
        var result = attend(packed);
        (result.to(ScalarType.Float32) * weights).sum().backward();
        return (result.detach(), packed.grad!);
    }

    /// <summary>Length of the difference over the length of what is expected.</summary>
    private static double Gap(Tensor found, Tensor expected) =>
        ((found.to(ScalarType.Float32) - expected).norm() / expected.norm()).ToDouble();
}
