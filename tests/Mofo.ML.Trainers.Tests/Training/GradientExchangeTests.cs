using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class GradientExchangeTests
{
    [Fact]
    public void Two_workers_with_half_a_batch_each_have_the_gradient_of_the_whole()
    {
        using var scope = NewDisposeScope();
        using var first = TinyModels.Classifier(MotionFusion.None);
        using var second = TinyModels.Classifier(MotionFusion.None);
        using var whole = TinyModels.Classifier(MotionFusion.None);
        var pixels = TinyModels.Pixels(4);
        Backward(whole, pixels);
        Backward(first, pixels.narrow(0, 0, 2));
        Backward(second, pixels.narrow(0, 2, 2));

        Tensor? other = null;
        new GradientExchange(second.parameters(), flat => other = flat.clone().DetachFromDisposeScope()).Average();
        new GradientExchange(first.parameters(), flat => flat.add_(other!).div_(2)).Average();

        foreach (var (expected, found) in whole.parameters().Zip(first.parameters()))
        {
            Assert.Equal(expected.grad is null, found.grad is null);
            Assert.True(expected.grad is null || expected.grad.allclose(found.grad!, rtol: 1e-4, atol: 1e-6));
        }

        other!.Dispose();
    }

    private static void Backward(VideoClassifier model, Tensor pixels)
    {
        using var scope = NewDisposeScope();
        model.call(pixels.Seen(), null).square().mean().backward();
    }
}
