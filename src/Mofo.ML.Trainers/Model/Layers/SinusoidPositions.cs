using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Fixed sine-cosine rows, one per token: no weights, no part of any file, so every clip size has its own.</summary>
/// <remarks>Angle of value j at position p = p / 10000^(2 floor(j/2) / width); sine at even j, cosine at odd j (Vaswani et al. 2017, 3.5).</remarks>
/// <param name="tokens">Rows.</param>
/// <param name="width">Values per row.</param>
internal sealed class SinusoidPositions(int tokens, int width)
{
    private readonly Lock _making = new();
    private Tensor? _table;

    /// <summary>The table in float64 rounded once to float32, row after row.</summary>
    public static float[] Values(int tokens, int width)
    {
        var values = new float[(long)tokens * width];
        for (var j = 0; j < width; j++)
        {
            var wavelength = Math.Pow(10000, 2.0 * (j / 2) / width);
            for (var p = 0; p < tokens; p++)
            {
                var angle = p / wavelength;
                values[((long)p * width) + j] = (float)(j % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
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
                using var fresh = tensor(Values(tokens, width), [tokens, width]);

                // The table of another device is left to the collector: another thread may be reading it.
                _table = fresh.to(device, copy: true).DetachFromDisposeScope();
            }

            return _table;
        }
    }
}
