using Mofo.ML.Research;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Fixed sine-cosine rows, one per token: no weights, no part of any file.</summary>
/// <remarks>
/// The rows are those of the grid that the weights were trained at, brought to the own grid by <see cref="GridInterpolation"/> where the two differ.
/// Angle of value j at position p = p / base^(2 floor(j/2) / width); sine at even j, cosine at odd j (Vaswani et al. 2017, 3.5): over all tokens in a row with base 10000,
/// or along each axis with base 10 in a third of the width.
/// </remarks>
/// <param name="trained">Grid that the weights were trained at.</param>
/// <param name="own">Grid of the clips to come, one row per token.</param>
/// <param name="width">Values per row.</param>
/// <param name="kind">Along each axis, or along the sequence for any other kind.</param>
internal sealed class SinusoidPositions(TokenGrid trained, TokenGrid own, int width, TokenPositions kind = TokenPositions.Sequence)
{
    private const double SequenceBase = 10000, AxisBase = 10;

    private readonly Lock _making = new();
    private Tensor? _table;

    /// <summary>The table of the own grid in float64 rounded once to float32, row after row.</summary>
    public static float[] Values(TokenGrid trained, TokenGrid own, int width, TokenPositions kind = TokenPositions.Sequence)
    {
        var rows = kind == TokenPositions.PerAxis ? AlongAxes(trained, width) : AlongSequence(trained.Tokens, width);
        return Array.ConvertAll(GridInterpolation.Resize(rows, width, trained, own), value => (float)value);
    }

    private static double[] AlongSequence(int tokens, int width)
    {
        var values = new double[(long)tokens * width];
        var wavelengths = Wavelengths(width, SequenceBase);
        _ = Parallel.For(0, tokens, p => Fill(values.AsSpan(p * width, width), p, wavelengths));
        return values;
    }

    private static double[] AlongAxes(TokenGrid grid, int width)
    {
        var values = new double[(long)grid.Tokens * width];
        var part = width / 6 * 2; // pairs of sine and cosine
        var wavelengths = Wavelengths(part, AxisBase);
        for (var token = 0; token < grid.Tokens; token++)
        {
            var row = values.AsSpan(token * width, width);
            Fill(row[..part], token / (grid.Rows * grid.Columns), wavelengths);
            Fill(row[part..(2 * part)], token / grid.Columns % grid.Rows, wavelengths);
            Fill(row[(2 * part)..(3 * part)], token % grid.Columns, wavelengths);
        }

        return values;
    }

    private static double[] Wavelengths(int width, double wavelengthBase) =>
        [.. Enumerable.Range(0, width).Select(j => Math.Pow(wavelengthBase, 2.0 * (j / 2) / width))];

    private static void Fill(Span<double> row, int position, ReadOnlySpan<double> wavelengths)
    {
        for (var j = 0; j < row.Length; j++)
        {
            var angle = position / wavelengths[j];
            row[j] = j % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
        }
    }

    /// <summary>[1,N,C] for all tokens, or [B,V,C] for the tokens given by [B,V], in the type asked for.</summary>
    public Tensor At(Tensor? indices, Device device, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var table = On(device).to(type);
        if (indices is null)
        {
            return table.unsqueeze(0).MoveToOuterDisposeScope();
        }

        return table.index_select(0, indices.flatten()).unflatten(0, indices.shape).MoveToOuterDisposeScope();
    }

    private Tensor On(Device device)
    {
        lock (_making)
        {
            // Devices are compared by their parts: two objects for one device are not equal.
            if (_table is null || _table.device_type != device.type || _table.device_index != device.index)
            {
                using var fresh = tensor(Values(trained, own, width, kind), [own.Tokens, width]);

                // The table of another device is left to the collector: another thread may be reading it.
                _table = fresh.to(device, copy: true).DetachFromDisposeScope();
            }

            return _table;
        }
    }
}
