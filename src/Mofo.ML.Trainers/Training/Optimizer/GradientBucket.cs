using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>The gradients of some parameters end to end, and behind them one number for each: 1 where this process has that gradient.</summary>
internal sealed class GradientBucket : IDisposable
{
    private readonly IReadOnlyList<Tensor> _parameters;

    /// <param name="parameters">At least one, on one device.</param>
    /// <param name="world">Says where sums may happen: in place on the device, or in memory (pinned, for a GPU).</param>
    public GradientBucket(IReadOnlyList<Tensor> parameters, TrainingWorld world)
    {
        _parameters = parameters;
        var device = parameters[0].device;
        var length = parameters.Sum(p => p.numel()) + parameters.Count;
        if (device.type == DeviceType.CPU || world.CanSumOn(device))
        {
            Values = zeros(length, ScalarType.Float32, device).DetachFromDisposeScope();
        }
        else
        {
            using var memory = zeros(length, ScalarType.Float32, CPU);
            Values = memory.pin_memory().DetachFromDisposeScope();
        }
    }

    /// <summary>What travels, float32, in one piece.</summary>
    public Tensor Values { get; }

    public void Pack()
    {
        using var scope = NewDisposeScope();
        long start = 0;
        var present = new float[_parameters.Count];
        foreach (var (i, parameter) in _parameters.Index())
        {
            var place = Values.narrow(0, start, parameter.numel());
            if (parameter.grad is { } gradient)
            {
                _ = place.copy_(gradient.flatten());
                present[i] = 1;
            }
            else
            {
                _ = place.zero_();
            }

            start += parameter.numel();
        }

        _ = Values.narrow(0, start, present.Length).copy_(tensor(present));
    }

    public void Unpack()
    {
        using var scope = NewDisposeScope();
        var start = Values.numel() - _parameters.Count;
        var present = Values.narrow(0, start, _parameters.Count).cpu().data<float>().ToArray();
        start = 0;
        foreach (var (i, parameter) in _parameters.Index())
        {
            if (present[i] > 0)
            {
                var sum = Values.narrow(0, start, parameter.numel()).view(parameter.shape);
                if (parameter.grad is { } gradient)
                {
                    _ = gradient.copy_(sum);
                }
                else
                {
                    parameter.grad = sum.to(parameter.dtype, parameter.device).clone().DetachFromDisposeScope();
                }
            }

            start += parameter.numel();
        }
    }

    public void Dispose() => Values.Dispose();
}
