using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Which way of computing attention is taken for what.</summary>
public sealed class AttentionWaysTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Float32_goes_through_the_fused_kernel()
    {
        var packed = empty([1, 1568, 3 * 768], ScalarType.Float32);
        Assert.Equal(AttentionWay.Fused, AttentionWays.ForPacked(packed));
        Assert.Equal(AttentionWay.Fused, AttentionWays.ForSeparate(packed));
    }

    [Fact]
    public void Bfloat16_beyond_the_processor_goes_through_the_fused_kernel() =>
        Assert.Equal(AttentionWay.Fused, AttentionWays.ForPacked(empty([1, 1568, 3 * 768], ScalarType.BFloat16, META)));

    [Theory]
    [InlineData(160, 3 * 768)] // visible tokens of ViT-B in pretraining
    [InlineData(144, 3 * 96)] // VitConfig.Micro
    public void Self_attention_in_bfloat16_on_the_processor_is_packed(int tokens, int packedWidth)
    {
        var packed = empty([2, tokens, packedWidth], ScalarType.BFloat16);
        Assert.SkipUnless(PackedAttention.Fits(packed), "This processor has no AVX-512.");
        Assert.Equal(AttentionWay.Packed, AttentionWays.ForPacked(packed));
    }

    [Fact]
    public void Separate_queries_in_bfloat16_go_through_plain_products() =>
        Assert.Equal(AttentionWay.Plain, AttentionWays.ForSeparate(empty([1, 1568, 768], ScalarType.BFloat16)));
}
