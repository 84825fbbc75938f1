using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>Exponential moving average of a model's weights: average = d * average + (1 - d) * weight, with d = min(decay, (1 + t) / (10 + t)) at update t from 1.</summary>
/// <remarks>The growing memory is that of TensorFlow's ExponentialMovingAverage: a short run would otherwise keep an average of its random start.</remarks>
internal sealed class WeightAverage : ITrainingPart, IDisposable
{
    private readonly List<(string Name, Tensor Weight, Tensor Average)> _pairs = [];
    private readonly double _decay;
    private long _updates;

    /// <summary>Starts from the present weights.</summary>
    /// <param name="model">The model in training.</param>
    /// <param name="decay">Memory per step once the average has warmed up, in [0, 1); the original's 0.9999.</param>
    public WeightAverage(nn.Module model, double decay)
    {
        if (!(decay is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(decay), decay, Invariant($"The decay of the weight average is {decay}; it must be in [0, 1)."));
        }

        _decay = decay;
        using var frozen = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            _pairs.Add((name, parameter, parameter.detach().clone().DetachFromDisposeScope()));
        }
    }

    public string Name => "average";

    /// <summary>The averages under the parameters' names.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors => _pairs.Select(pair => (pair.Name, pair.Average));

    public IEnumerable<(string Name, double Value)> Numbers => [("updates", _updates)];

    public void Resume(IReadOnlyDictionary<string, double> numbers) => _updates = (long)numbers["updates"];

    /// <summary>Takes in the weights of one more step.</summary>
    public void Update()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _updates++;
        var memory = Math.Min(_decay, (1.0 + _updates) / (10.0 + _updates));
        using Scalar keep = memory.ToScalar(), take = (1 - memory).ToScalar();
        foreach (var (_, weight, average) in _pairs)
        {
            _ = average.mul_(keep).add_(weight, take);
        }
    }

    /// <summary>Runs something on the model with the averages for its weights; the weights come back whatever happens.</summary>
    public T InPlace<T>(Func<T> use)
    {
        Exchange();
        try
        {
            return use();
        }
        finally
        {
            Exchange();
        }
    }

    /// <summary>Ends the training of the model: the averages become its weights.</summary>
    public void PutInPlace() => Exchange();

    public void Dispose()
    {
        foreach (var (_, _, average) in _pairs)
        {
            average.Dispose();
        }
    }

    private void Exchange()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (_, weight, average) in _pairs)
        {
            using var kept = weight.detach().clone();
            _ = weight.copy_(average);
            _ = average.copy_(kept);
        }
    }
}
