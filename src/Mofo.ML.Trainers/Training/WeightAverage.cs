using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training;

/// <summary>Exponential moving average of a model's weights: average = decay * average + (1 - decay) * weight.</summary>
internal sealed class WeightAverage : ITrainingPart, IDisposable
{
    private readonly List<(string Name, Tensor Weight, Tensor Average)> _pairs = [];
    private readonly double _decay;

    /// <summary>Starts from the present weights.</summary>
    /// <param name="model">The model in training.</param>
    /// <param name="decay">Memory per step, in [0, 1); the original's 0.9999.</param>
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

    public IEnumerable<(string Name, double Value)> Numbers => [];

    public void Resume(IReadOnlyDictionary<string, double> numbers)
    {
    }

    /// <summary>Takes in the weights of one more step.</summary>
    public void Update()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (_, weight, average) in _pairs)
        {
            _ = average.mul_(KeptScalar.Of(_decay)).add_(weight, KeptScalar.Of(1 - _decay));
        }
    }

    /// <summary>Exchanges averages and weights: once to evaluate or save the averages, once more to go on training.</summary>
    public void Swap()
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

    public void Dispose()
    {
        foreach (var (_, _, average) in _pairs)
        {
            average.Dispose();
        }
    }
}
