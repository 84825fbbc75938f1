using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training;

/// <summary>AdamW driven by the schedules of a run: gradients in, clipped, applied at this step's rate and decay, cleared.</summary>
/// <param name="model">Its trainable parameters are optimised.</param>
/// <param name="groups">Decay and scale of every parameter, by name.</param>
/// <param name="plan">Learning rate and weight decay per step.</param>
/// <param name="beta2">Memory of the squared gradient; 0.95 in pretraining, 0.999 in finetuning.</param>
/// <param name="options">Gradient clip and weight decay.</param>
internal sealed class ScheduledAdamW(nn.Module model, IReadOnlyList<ParameterGroup> groups, TrainingPlan plan, double beta2, MofoTrainingOptions options)
    : ITrainingPart, IDisposable
{
    private readonly AdamW _optimizer = new(model, groups, new AdamWSettings(Beta2: beta2));

    /// <summary>Averages gradients over workers before each step; null where one process trains alone, as all do so far.</summary>
    public FlatGradients? Workers { get; init; }

    public string Name => "optimizer";

    public IEnumerable<(string Name, Tensor Value)> Tensors => _optimizer.State;

    public IEnumerable<(string Name, double Value)> Numbers => [("steps", _optimizer.StepsTaken)];

    public void Resume(IReadOnlyDictionary<string, double> numbers) => _optimizer.StepsTaken = (long)numbers["steps"];

    /// <summary>Joins the gradients of all workers where there are several, then limits their length where the options ask for it.</summary>
    /// <returns>Their length before; null where there is no limit.</returns>
    public double? ClipGradients()
    {
        Workers?.Exchange();
        return options.GradientClip is { } limit ? GradientClipping.Clip(model.parameters(), limit) : null;
    }

    /// <summary>Applies the gradients with the rate and decay of this step (from 0) and clears them.</summary>
    public void Step(int step)
    {
        _optimizer.Step(plan.LearningRate[step], plan.WeightDecay?[step]);
        _optimizer.ClearGradients();
    }

    /// <summary>Learning rate of a step, before the groups' factors.</summary>
    public double RateAt(int step) => plan.LearningRate[step];

    /// <summary>Decay of a step for the weights that have one.</summary>
    public double WeightDecayAt(int step) => plan.WeightDecay?[step] ?? options.WeightDecay;

    public void Dispose() => _optimizer.Dispose();
}
