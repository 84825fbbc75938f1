using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>The layer norm that rounds to bfloat16 against torch's own in float32.</summary>
public sealed class NormKernelTests
{
    private const double Epsilon = 1e-6;

    [Theory]
    [InlineData(1, 7, 16)]
    [InlineData(3, 37, 96)]
    [InlineData(2, 900, 192)] // several shares of tokens
    public void Result_and_gradients_are_those_of_float32(int batch, int count, int width)
    {
        using var scope = NewDisposeScope();
        var (tokens, weight, bias) = Values(batch, count, width);
        Assert.SkipUnless(NormKernel.Fits(tokens), "This processor has no AVX-512.");
        var outer = randn([batch, count, width], generator: new Generator(4)).to(ScalarType.BFloat16);

        var expected = Run((t, w, b) => nn.functional.layer_norm(t, [width], w, b, Epsilon));
        var found = Run((t, w, b) => RoundedNorm.Of(t, w, b, Epsilon));

        Assert.InRange(Gap(found[0], expected[0]), 0, 3e-3); // one rounding to 8 bits
        foreach (var (gradient, exact) in found.Zip(expected).Skip(1))
        {
            Assert.InRange(Gap(gradient, exact), 0, 1e-5);
        }

        List<Tensor> Run(Func<Tensor, Tensor, Tensor, Tensor> norm)
        {
            Tensor[] leaves = [.. new[] { tokens, weight, bias }.Select(values => values.detach().clone().requires_grad_())];
            var result = norm(leaves[0], leaves[1], leaves[2]);
            result.backward([outer.to(result.dtype)]);
            return [result.detach(), .. leaves.Select(leaf => leaf.grad!)];
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        using var scope = NewDisposeScope();
        var (tokens, weight, bias) = Values(4, 900, 192);
        Assert.SkipUnless(NormKernel.Fits(tokens), "This processor has no AVX-512.");
        var outer = randn([4, 900, 192], generator: new Generator(4)).to(ScalarType.BFloat16);
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = NormKernel.Backward(outer, tokens, weight, Epsilon);
            set_num_threads(2);
            var two = NormKernel.Backward(outer, tokens, weight, Epsilon);
            Assert.True(one.Tokens.equal(two.Tokens).all().ToBoolean());
            Assert.True(one.Weight.equal(two.Weight).all().ToBoolean());
            Assert.True(one.Bias.equal(two.Bias).all().ToBoolean());
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void A_width_that_fills_no_register_is_left_to_torch()
    {
        using var tokens = zeros([2, 3, 24]);
        Assert.False(NormKernel.Fits(tokens));
    }

    [Fact]
    public void Tokens_that_are_not_numbers_stay_visible()
    {
        using var scope = NewDisposeScope();
        var (tokens, weight, bias) = Values(1, 2, 16);
        Assert.SkipUnless(NormKernel.Fits(tokens), "This processor has no AVX-512.");
        _ = tokens[0, 1, 3].fill_(double.NaN);
        var norm = NormKernel.Forward(tokens, weight, bias, Epsilon);
        Assert.False(norm[0, 0].isnan().any().ToBoolean());
        Assert.True(norm[0, 1].isnan().all().ToBoolean());
    }

    private static (Tensor Tokens, Tensor Weight, Tensor Bias) Values(int batch, int count, int width) =>
        (randn([batch, count, width], generator: new Generator(1)) * 3 + 1, randn([width], generator: new Generator(2)), randn([width], generator: new Generator(3)));

    /// <summary>Length of the difference over the length of what is expected.</summary>
    private static double Gap(Tensor found, Tensor expected) => ((found.to(ScalarType.Float32) - expected).norm() / expected.norm()).ToDouble();
}
