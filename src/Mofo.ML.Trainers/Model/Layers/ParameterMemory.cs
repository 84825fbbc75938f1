using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>The memory of a layer's weights: zeros, or whatever lies there where all weights are read next (350 MB of zeros would be written for nothing).</summary>
internal static class ParameterMemory
{
    [ThreadStatic]
    private static bool _isFilledNext;

    /// <summary>Values of this shape, float32: 0, or any within <see cref="FilledNext"/>.</summary>
    public static Tensor Make(long[] shape) => _isFilledNext ? empty(shape) : zeros(shape);

    /// <summary>Makes a module whose every weight the caller overwrites at once.</summary>
    public static TModule FilledNext<TModule>(Func<TModule> make)
        where TModule : nn.Module
    {
        _isFilledNext = true;
        try
        {
            return make();
        }
        finally
        {
            _isFilledNext = false;
        }
    }
}
