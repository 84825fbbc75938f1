using Mofo.ML.Trainers.Training.World;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>Sums the gradients of a model over all processes, in buckets: while one travels the next is packed.</summary>
/// <remarks>
/// Gradients are summed, not averaged: each process scales its loss by its share of the global batch, so processes may have unequal parts. Last parameters come first, as the
/// backward pass makes their gradients first.
/// </remarks>
internal sealed class GradientExchange : IDisposable
{
    /// <summary>Values in a bucket: 25 MiB of float32, the size that PyTorch's DistributedDataParallel takes (Li et al. 2020, arXiv 2006.15704).</summary>
    public const int DefaultBucket = 25 * 1024 * 1024 / sizeof(float);

    private readonly List<GradientBucket> _buckets = [];
    private readonly TrainingWorld _world;

    /// <param name="parameters">Trainable parameters in an order that all processes share.</param>
    /// <param name="world">The processes.</param>
    /// <param name="bucketValues">Values in a bucket; a larger parameter has one of its own.</param>
    public GradientExchange(IEnumerable<Tensor> parameters, TrainingWorld world, int bucketValues = DefaultBucket)
    {
        _world = world;
        var (open, values) = (new List<Tensor>(), 0L);
        foreach (var parameter in parameters.Where(p => p.requires_grad).Reverse())
        {
            if (open.Count > 0 && values + parameter.numel() > bucketValues)
            {
                _buckets.Add(new GradientBucket(open, world));
                (open, values) = ([], 0);
            }

            open.Add(parameter);
            values += parameter.numel();
        }

        if (open.Count > 0)
        {
            _buckets.Add(new GradientBucket(open, world));
        }
    }

    /// <summary>Buckets in the order in which they travel.</summary>
    public int Buckets => _buckets.Count;

    /// <summary>Replaces every gradient by its sum over the processes. One that no process has stays absent.</summary>
    public void Sum()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var pending = _buckets.ConvertAll(bucket =>
        {
            bucket.Pack();
            return _world.BeginSum(bucket.Values);
        });
        foreach (var (sum, bucket) in pending.Zip(_buckets))
        {
            sum.Wait();
            bucket.Unpack();
        }
    }

    public void Dispose() => _buckets.ForEach(bucket => bucket.Dispose());
}
