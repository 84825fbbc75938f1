using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>The gradients that an own autograd function hands to libtorch. TorchSharp leaves their handles to the collector; here each backward pass disposes those of the one before.</summary>
/// <remarks>libtorch has its own hold on a gradient as soon as the function has returned, so the next function on the same thread may dispose the handle.</remarks>
internal static class HandedGradients
{
    [ThreadStatic]
    private static Tensor[]? _last;

    /// <summary>Disposes the handles of the last backward pass on this thread; called first by the next one.</summary>
    public static void Release()
    {
        foreach (var gradient in _last ?? [])
        {
            gradient.Dispose();
        }

        _last = null;
    }

    /// <summary>Takes the gradients that a function returns out of its scope.</summary>
    public static void Keep(params Tensor[] gradients) => _last = [.. gradients.Select(gradient => gradient.DetachFromDisposeScope())];
}
