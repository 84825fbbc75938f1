using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.World;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>Sums the gradients of a model over all processes, in buckets: while one travels the backward pass goes on, and the next is packed.</summary>
/// <remarks>
/// Gradients are summed, not averaged: each process scales its loss by its share of the global batch, so processes may have unequal parts. Last parameters come first, as the
/// backward pass makes their gradients first. Buckets travel in one order on all processes, whenever each has them ready.
/// </remarks>
internal sealed class GradientExchange : IDisposable
{
    /// <summary>Values in a bucket: 25 MiB of float32, the size that PyTorch's DistributedDataParallel takes (Li et al. 2020, arXiv 2006.15704).</summary>
    public const int DefaultBucket = 25 * 1024 * 1024 / sizeof(float);

    private readonly List<GradientBucket> _buckets = [];
    private readonly List<IPendingSum> _pending = [];
    private readonly TrainingWorld _world;
    private readonly BackwardCuts _cuts;

    /// <summary>Place of each block in the forward pass.</summary>
    private readonly Dictionary<TransformerBlock, int> _places = [];

    /// <summary>For each bucket the place of the block at whose input its gradients are complete; -1 where that is at the end of the backward pass.</summary>
    private readonly List<int> _readyAt = [];

    /// <param name="model">Its trainable parameters are exchanged, in an order that all processes share.</param>
    /// <param name="world">The processes.</param>
    /// <param name="bucketValues">Values in a bucket; a larger parameter has one of its own.</param>
    public GradientExchange(nn.Module model, TrainingWorld world, int bucketValues = DefaultBucket)
    {
        _world = world;
        List<Parameter> parameters = [.. IForwardOrder.Of(model).Where(p => p.requires_grad)];
        var starts = Starts(model, parameters);
        foreach (var (i, start) in starts.Index())
        {
            _places.Add(start.Block, i);
        }

        var (open, values) = (new List<Tensor>(), 0L);
        for (var i = parameters.Count - 1; i >= 0; i--)
        {
            if (open.Count > 0 && values + parameters[i].numel() > bucketValues)
            {
                Close(i + 1);
            }

            open.Add(parameters[i]);
            values += parameters[i].numel();
        }

        if (open.Count > 0)
        {
            Close(0);
        }

        // On a GPU a piece of the backward pass would end with the host waiting for it; not tried.
        var stops = parameters.Count > 0 && parameters[0].device_type == DeviceType.CPU ? _readyAt.ToHashSet() : [];
        _cuts = new BackwardCuts(starts.Where((_, i) => stops.Contains(i)).Select(start => start.Block).ToHashSet());
        starts.ForEach(start => start.Block.Cuts = _cuts);

        void Close(int first)
        {
            _buckets.Add(new GradientBucket(open, world));
            _readyAt.Add(starts.FindLastIndex(start => start.First <= first));
            (open, values) = ([], 0);
        }
    }

    /// <summary>Buckets in the order in which they travel.</summary>
    public int Buckets => _buckets.Count;

    /// <summary>Says whether the backward pass of the next forward pass is the last before <see cref="Sum"/>: its gradients are those that travel.</summary>
    public void Expect(bool isLast)
    {
        _cuts.Dispose();
        _cuts.IsActive = isLast;
    }

    /// <summary>Makes the gradients of a loss; those of the last backward pass travel as soon as they are complete.</summary>
    public void Backward(Tensor loss) => _cuts.Run(loss, block => BeginFrom(_places[block]));

    /// <summary>Replaces every gradient by its sum over the processes. One that no process has stays absent.</summary>
    public void Sum()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        BeginFrom(int.MinValue);
        foreach (var (sum, bucket) in _pending.Zip(_buckets))
        {
            sum.Wait();
            bucket.Unpack();
        }

        _pending.Clear();
    }

    public void Dispose()
    {
        foreach (var block in _places.Keys)
        {
            block.Cuts = null;
        }

        _cuts.Dispose();
        _buckets.ForEach(bucket => bucket.Dispose());
    }

    /// <summary>Sends the buckets whose gradients are complete where the backward pass has come to the input of the block at this place.</summary>
    private void BeginFrom(int place)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        while (_pending.Count < _buckets.Count && _readyAt[_pending.Count] >= place)
        {
            var bucket = _buckets[_pending.Count];
            bucket.Pack();
            _pending.Add(_world.BeginSum(bucket.Values));
        }
    }

    /// <summary>The blocks in the order of the forward pass, each with the number of its first parameter.</summary>
    private static List<(TransformerBlock Block, int First)> Starts(nn.Module model, List<Parameter> parameters)
    {
        var numbers = parameters.Index().ToDictionary(parameter => parameter.Item.Handle, parameter => parameter.Index);
        return
        [
            .. from block in model.modules().OfType<TransformerBlock>()
               let own = block.parameters().Where(p => numbers.ContainsKey(p.Handle)).Select(p => numbers[p.Handle]).ToList()
               where own.Count > 0
               let first = own.Min()
               orderby first
               select (block, first),
        ];
    }
}
