using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Fixed sine-cosine rows, one per token: no weights, no part of any file.</summary>
/// <remarks>
/// The rows are those of the grid that the weights were trained at, brought to the own grid by <see cref="GridInterpolation"/> where the two differ.
/// Angle of value j at position p = p / 10000^(2 floor(j/2) / width); sine at even j, cosine at odd j (Vaswani et al. 2017, 3.5).
/// </remarks>
/// <param name="trained">Grid that the weights were trained at.</param>
/// <param name="own">Grid of the clips to come, one row per token.</param>
/// <param name="width">Values per row.</param>
internal sealed class SinusoidPositions(TokenGrid trained, TokenGrid own, int width)
{
    private readonly Lock _making = new();
    private Tensor? _table;

    /// <summary>The table of the own grid in float64 rounded once to float32, row after row.</summary>
    public static float[] Values(TokenGrid trained, TokenGrid own, int width) =>
        Array.ConvertAll(GridInterpolation.Resize(Values(trained.Tokens, width), width, trained, own), value => (float)value);

    private static double[] Values(int tokens, int width)
    {
        var values = new double[(long)tokens * width];
        for (var j = 0; j < width; j++)
        {
            var wavelength = Math.Pow(10000, 2.0 * (j / 2) / width);
            for (var p = 0; p < tokens; p++)
            {
                var angle = p / wavelength;
                values[((long)p * width) + j] = j % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
            }
        }

        return values;
    }

    /// <summary>[1,N,C] for all tokens, or [B,V,C] for the tokens given by [B,V].</summary>
    public Tensor At(Tensor? indices, Device device)
    {
        var table = On(device);
        if (indices is null)
        {
            return table.unsqueeze(0);
        }

        using var scope = NewDisposeScope();
        return table.index_select(0, indices.flatten()).unflatten(0, indices.shape).MoveToOuterDisposeScope();
    }

    private Tensor On(Device device)
    {
        lock (_making)
        {
            // Devices are compared by their parts: two objects for one device are not equal.
            if (_table is null || _table.device_type != device.type || _table.device_index != device.index)
            {
                using var fresh = tensor(Values(trained, own, width), [own.Tokens, width]);

                // The table of another device is left to the collector: another thread may be reading it.
                _table = fresh.to(device, copy: true).DetachFromDisposeScope();
            }

            return _table;
        }
    }
}
