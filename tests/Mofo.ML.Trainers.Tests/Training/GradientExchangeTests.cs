using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Training.Optimizer;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class GradientExchangeTests
{
    [Theory]
    [InlineData(GradientExchange.DefaultBucket)]
    [InlineData(1000)]
    [InlineData(1)]
    public void Two_processes_with_unequal_shares_of_a_batch_have_the_gradient_of_the_whole(int bucket)
    {
        using var scope = NewDisposeScope();
        using var first = TinyModels.Classifier(MotionFusion.None);
        using var second = TinyModels.Classifier(MotionFusion.None);
        using var whole = TinyModels.Classifier(MotionFusion.None);
        var pixels = TinyModels.Pixels(4);
        Backward(whole, pixels, 1);
        Backward(first, pixels.narrow(0, 0, 3), 0.75);
        Backward(second, pixels.narrow(0, 3, 1), 0.25);
        using var worlds = new PairOfWorlds(second);
        using var exchange = new GradientExchange(first, worlds.First, bucket);
        exchange.Sum();
        RequireEqual(whole, first);
        Assert.True(bucket == 1 ? exchange.Buckets == first.parameters().Count() : exchange.Buckets < first.parameters().Count());
    }

    [Fact]
    public void A_process_without_clips_gets_the_gradient_of_the_others_and_one_that_nobody_has_stays_absent()
    {
        using var scope = NewDisposeScope();
        using var idle = TinyModels.Classifier(MotionFusion.None);
        using var busy = TinyModels.Classifier(MotionFusion.None);
        Backward(busy, TinyModels.Pixels(2), 1);
        var absent = busy.parameters().First();
        absent.grad = null;
        using var worlds = new PairOfWorlds(busy);
        using var exchange = new GradientExchange(idle, worlds.First);
        exchange.Sum();
        RequireEqual(busy, idle);
        Assert.Null(idle.parameters().First().grad);
    }

    private static void RequireEqual(nn.Module expected, nn.Module found)
    {
        foreach (var (whole, part) in expected.parameters().Zip(found.parameters()))
        {
            Assert.Equal(whole.grad is null, part.grad is null);
            Assert.True(whole.grad is null || whole.grad.allclose(part.grad!, rtol: 1e-4, atol: 1e-6));
        }
    }

    private static void Backward(VideoClassifier model, Tensor pixels, double share)
    {
        using var scope = NewDisposeScope();
        model.call(pixels.Seen(), null).square().mean().mul(share).backward();
    }

    /// <summary>Two processes, of which the second has its gradients ready: what the first sums is added to them, bucket by bucket.</summary>
    private sealed class PairOfWorlds(nn.Module other) : IDisposable
    {
        private readonly List<Tensor> _waiting = [];

        public SecondHand First => field ??= new SecondHand(this);

        public void Dispose() => _waiting.ForEach(tensor => tensor.Dispose());

        /// <summary>The other's bucket of the same parameters: last parameters first, one number for each behind them.</summary>
        private Tensor Take(long length)
        {
            if (_waiting.Count == 0)
            {
                _waiting.AddRange(other.parameters().Reverse().Select(p => (Tensor)p));
            }

            var (taken, values) = (new List<Tensor>(), 0L);
            while (values + taken.Count < length)
            {
                taken.Add(_waiting[0]);
                values += _waiting[0].numel();
                _waiting.RemoveAt(0);
            }

            var gradients = taken.Select(p => p.grad is { } gradient ? gradient.flatten() : zeros(p.numel()));
            return cat([.. gradients, tensor(taken.Select(p => p.grad is null ? 0f : 1f).ToArray())]);
        }

        internal sealed class SecondHand(PairOfWorlds pair) : TwoRanks
        {
            internal override Mofo.ML.Trainers.Training.World.IPendingSum BeginSum(Tensor values)
            {
                using var scope = NewDisposeScope();
                _ = values.add_(pair.Take(values.numel()));
                return Alone.BeginSum(values);
            }
        }
    }
}
