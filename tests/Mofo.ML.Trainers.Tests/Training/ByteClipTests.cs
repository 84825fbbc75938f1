using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Clips that travel as bytes become what the same clips become as floats. On the CPU, and with MOFO_TEST_DEVICE on a GPU.</summary>
public sealed class ByteClipTests : IDisposable
{
    private const int Clips = 5;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)] // every clip has a rectangle of noise
    public void Bytes_are_normalised_and_erased_on_the_device_as_on_the_host(double erasing)
    {
        var (floats, bytes) = (Batch(PixelBuffer.Of, erasing), Batch((clip, rule) => new ByteClip(clip, rule), erasing));
        var expected = PixelBatch.Stack([.. floats.Select(clip => clip.Pixels)], TinyModels.Config, CPU);
        var found = PixelBatch.Stack([.. bytes.Select(clip => clip.Pixels)], TinyModels.Config, TestDevice.Chosen).cpu();
        Assert.Equal(expected.shape, found.shape);
        Assert.InRange((expected - found).abs().max().ToDouble(), 0, 1e-5);
    }

    [Theory]
    [InlineData(0.8, 0.0)] // mixup
    [InlineData(0.0, 1.0)] // cutmix
    [InlineData(0.0, 0.0)]
    public void A_step_of_finetuning_has_the_same_loss_and_gradient(double mixup, double cutmix)
    {
        var options = new MofoFinetuningOptions { Model = TinyModels.Config, MixupAlpha = mixup, CutmixAlpha = cutmix, DropPath = 0.5 };
        for (var seed = 0; seed < 4; seed++)
        {
            var losses = new List<double>();
            var gradients = new List<Tensor>();
            foreach (var (make, device) in new (PixelMaker, Device)[] { (PixelBuffer.Of, CPU), ((clip, rule) => new ByteClip(clip, rule), TestDevice.Chosen) })
            {
                var model = TinyModels.Classifier(MotionFusion.MultiHeadCrossAttention, dropPath: 0.5).to(device);
                model.train();
                var random = new Random(seed);
                Trainers.Model.Layers.IRandomLayer.ReseedAll(model, random);
                var loss = new FinetuningStep(model, 3, options, device).Loss(Batch(make, 0.5), random);
                loss.Total.backward();
                losses.Add(loss.Total.cpu().item<float>());
                gradients.Add(cat([.. model.parameters().Select(p => p.grad!.flatten())]).cpu());
            }

            Assert.Equal(losses[0], losses[1], 1e-5);
            Assert.InRange((gradients[0] - gradients[1]).norm().ToDouble() / gradients[0].norm().ToDouble(), 0, 1e-4);
        }
    }

    private static List<FinetuningClip> Batch(PixelMaker make, double erasing) => [.. Enumerable.Range(0, Clips).Select(i =>
    {
        var random = new Random(i);
        using var clip = new Clip(TinyModels.Config.Frames, TinyModels.Config.ImageSize, TinyModels.Config.ImageSize);
        random.NextBytes(clip.Pixels);
        var pixels = make(clip, null);
        var shape = new ClipShape(3, clip.Length, clip.Height, clip.Width);
        if (new RandomErasing(erasing).Draw(shape, random) is { } erasure)
        {
            pixels.Erase(erasure, shape);
        }

        return new FinetuningClip($"clip{i}", pixels, [.. Enumerable.Repeat(new MotionBox(2 * i, 0, 10 + (2 * i), 20), clip.Length)], i % 3);
    })];
}
