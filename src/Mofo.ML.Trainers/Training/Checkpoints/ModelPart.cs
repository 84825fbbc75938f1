using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>The weights in training.</summary>
internal sealed class ModelPart(nn.Module model) : ITrainingPart
{
    /// <summary>The group that <c>InitialWeights</c> reads from a checkpoint.</summary>
    public string Name => "model";

    public IEnumerable<(string Name, Tensor Value)> Tensors => model.state_dict().Select(pair => (pair.Key, pair.Value));

    public IEnumerable<(string Name, double Value)> Numbers => [];

    public void Resume(IReadOnlyDictionary<string, double> numbers)
    {
    }
}
