using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

[Collection(nameof(TorchThreads))]
public sealed class AdamWThreadsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly int _before = get_num_threads();

    public void Dispose()
    {
        set_num_threads(_before);
        _scope.Dispose();
    }

    [Fact]
    public void One_thread_and_several_give_the_same_bits() => Assert.Equal(Stepped(threads: 1), Stepped(threads: 4));

    private static float[] Stepped(int threads)
    {
        set_num_threads(threads);
        var generator = new Generator(5);
        var (parameter, mean, square) = (randn(300_001, generator: generator), zeros(300_001), zeros(300_001));
        for (var step = 0; step < 3; step++)
        {
            AdamWKernel.Update(parameter, randn(300_001, generator: generator), mean, square, new AdamWNumbers(0.999f, 0.9f, 0.95f, 1e-2f, 1.5f, 1e-8f));
        }

        return parameter.data<float>().ToArray();
    }
}
