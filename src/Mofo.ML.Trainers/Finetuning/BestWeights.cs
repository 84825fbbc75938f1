using Mofo.ML.Trainers.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>A copy of the weights of the best epoch so far; of equal ones the later counts, being trained longer.</summary>
internal sealed class BestWeights(nn.Module model) : ITrainingPart, IDisposable
{
    private readonly Dictionary<string, Tensor> _copy = [];
    private double _best = double.NegativeInfinity;

    public string Name => "best";

    public IEnumerable<(string Name, Tensor Value)> Tensors => _copy.Select(pair => (pair.Key, pair.Value));

    public IEnumerable<(string Name, double Value)> Numbers => _copy.Count == 0 ? [] : [("score", _best)];

    public void Resume(IReadOnlyDictionary<string, double> numbers)
    {
        if (numbers.TryGetValue("score", out var score))
        {
            KeepIfBest(score);
        }
    }

    public void KeepIfBest(double score)
    {
        if (!(score >= _best)) // not a number: no score at all
        {
            return;
        }

        _best = score;
        using var frozen = no_grad();
        foreach (var (name, value) in model.state_dict())
        {
            if (_copy.TryGetValue(name, out var kept))
            {
                _ = kept.copy_(value);
            }
            else
            {
                _copy[name] = value.detach().clone().DetachFromDisposeScope();
            }
        }
    }

    /// <summary>Puts the best weights back; does nothing where none were offered.</summary>
    public void Restore()
    {
        using var frozen = no_grad();
        foreach (var (name, value) in model.state_dict())
        {
            if (_copy.TryGetValue(name, out var kept))
            {
                _ = value.copy_(kept);
            }
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _copy.Values)
        {
            tensor.Dispose();
        }
    }
}
