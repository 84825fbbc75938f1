using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training;

/// <summary>AdamW driven by the schedules of a run: gradients in, clipped, applied at this step's rate, cleared.</summary>
/// <param name="model">Its trainable parameters are optimised.</param>
/// <param name="groups">Decay and scale of every parameter, by name.</param>
/// <param name="rate">Learning rate per step.</param>
/// <param name="beta2">Memory of the squared gradient; 0.95 in pretraining, 0.999 in finetuning.</param>
/// <param name="clip">Limit of the total gradient norm, or null.</param>
internal sealed class ScheduledAdamW(nn.Module model, IReadOnlyList<ParameterGroup> groups, Schedule rate, double beta2, double? clip) : IDisposable
{
    /// <summary>The optimiser itself, for checkpoints.</summary>
    public AdamW Optimizer { get; } = new(model, groups, new AdamWSettings(Beta2: beta2));

    /// <summary>Applies the gradients with the rate of this step (from 0) and clears them; returns the rate.</summary>
    public double Step(int step)
    {
        if (clip is not null)
        {
            _ = GradientClipping.Clip(model.parameters(), clip);
        }

        Optimizer.Step(rate[step]);
        Optimizer.ClearGradients();
        return rate[step];
    }

    public void Dispose() => Optimizer.Dispose();
}
