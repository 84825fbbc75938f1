using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class ComputeTypesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_named_types_are_taken_as_asked_and_auto_by_what_the_cpu_can()
    {
        Assert.Equal(ScalarType.Float32, ComputeTypes.Choose(Precision.Float32, CPU));
        Assert.Equal(ScalarType.BFloat16, ComputeTypes.Choose(Precision.BFloat16, CPU));
        Assert.Equal(
            ComputeTypes.HasFastBFloat16(CPU) ? ScalarType.BFloat16 : ScalarType.Float32,
            ComputeTypes.Choose(Precision.Auto, CPU));
    }

    [Fact]
    public void The_cpus_answer_is_that_of_the_operating_system()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "Only Linux lists the processor's features in a file.");
        var flags = File.ReadAllText("/proc/cpuinfo");
        var listed = flags.Contains("avx512_bf16", StringComparison.Ordinal) || flags.Contains("amx_bf16", StringComparison.Ordinal);
        Assert.Equal(listed, ComputeTypes.HasFastBFloat16(CPU));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(6, false)]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    [InlineData(12, true)]
    public void A_card_multiplies_bfloat16_from_capability_8(int? major, bool expected) => Assert.Equal(expected, CudaCapability.HasBFloat16(major));

    [Fact]
    public void A_machine_without_driver_or_card_has_no_capability_and_a_card_has_one()
    {
        if (cuda.is_available())
        {
            Assert.InRange(CudaCapability.MajorOf(0)!.Value, 3, 99);
        }

        Assert.Null(CudaCapability.MajorOf(1000));
    }

    [Theory]
    [InlineData(MotionFusion.MultiHeadCrossAttention)]
    [InlineData(MotionFusion.None)]
    public void A_classifier_in_bfloat16_stays_near_float32_and_gives_float32(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        var pixels = TinyModels.Pixels(4);
        var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        var exact = model.Features(pixels.Seen(), inside);
        ComputeTypes.Apply(model, ScalarType.BFloat16);
        var rounded = model.Features(pixels.Seen(), inside);
        var logits = model.call(pixels.Seen(), inside);
        ComputeTypes.ApplyToTokens(model, ScalarType.BFloat16); // as on a GPU
        var flowing = model.Features(pixels.Seen(), TokenRegions.Of(TinyModels.Config, TinyModels.Boxes(), CPU));
        Assert.InRange((exact - flowing).abs().max().ToDouble(), 1e-6, 12.0 / 256);
        Assert.Equal(ScalarType.Float32, flowing.dtype);

        Assert.Equal(ScalarType.Float32, logits.dtype);

        // bfloat16 has 8 bits: features of unit variance after a few layers differ by a few of its roundings (2^-8).
        Assert.InRange((exact - rounded).abs().max().ToDouble(), 1e-6, 8.0 / 256);
        logits.square().sum().backward();
        Assert.All(model.parameters(), p => Assert.Equal(ScalarType.Float32, p.grad!.dtype));
    }

    [Fact]
    public void Gradients_in_bfloat16_point_where_those_in_float32_do()
    {
        var config = TinyModels.Config;
        var model = new MaskedAutoencoder(config, new Generator(1));
        var indices = MaskTensors.From([new RandomTubeMasking(0.5).Draw(config.Grid, [], new Random(1))], config.TimeSlices, CPU);
        var pixels = TinyModels.Pixels(1);
        var targets = randn(1, indices.Masked.shape[1], config.PixelsPerToken);
        var gradients = new[] { (ScalarType.Float32, ScalarType.Float32), (ScalarType.BFloat16, ScalarType.Float32), (ScalarType.BFloat16, ScalarType.BFloat16) }.Select(types =>
        {
            ComputeTypes.Apply(model, types.Item1);
            ComputeTypes.ApplyToTokens(model, types.Item2);
            model.zero_grad();
            Mofo.ML.Trainers.Losses.MaskedPixelLoss.Mean(model.call(pixels.Seen(), indices.Visible, indices.Masked), targets).backward();
            return cat([.. model.parameters().Select(p => p.grad!.flatten())]);
        }).ToArray();
        foreach (var rounded in gradients[1..])
        {
            Assert.InRange(nn.functional.cosine_similarity(gradients[0], rounded, 0).ToDouble(), 0.999, 1.0001);
        }
    }
}
