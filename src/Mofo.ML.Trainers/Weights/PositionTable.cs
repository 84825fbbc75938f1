using System.Runtime.InteropServices;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;

namespace Mofo.ML.Trainers.Weights;

/// <summary>The table of positions that some files store: MMAction2 a computed one as a buffer, networks with learned positions their own.</summary>
internal static class PositionTable
{
    /// <summary>What a table of sine and cosine may lose by being stored in half precision.</summary>
    private const float Rounding = 2e-3f;

    /// <summary>Whether a tensor is a table of positions, [1,N,C].</summary>
    public static bool Is(string bareName, WeightTensor weight) => bareName == TokenRows.Buffer && weight.Shape is [1, > 0, > 0] && weight.Type.IsFloating();

    /// <summary>Whether it is the table that this library computes for that number of tokens.</summary>
    public static bool IsComputed(WeightTensor table)
    {
        var tokens = (int)table.Shape[1];
        var grid = new TokenGrid(tokens, 1, 1);
        var computed = SinusoidPositions.Values(grid, grid, (int)table.Shape[2]);
        var stored = Values(table);
        for (var i = 0; i < computed.Length; i++)
        {
            // NaN is not at most anything.
            if (!(Math.Abs(stored[i] - computed[i]) <= Rounding))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The table for another grid, interpolated as <see cref="GridInterpolation"/> does; the same where the grids are equal.</summary>
    public static WeightTensor Resized(WeightTensor table, TokenGrid from, TokenGrid to)
    {
        if (from == to)
        {
            return table;
        }

        var width = (int)table.Shape[2];
        var rows = GridInterpolation.Resize(Array.ConvertAll(Values(table), value => (double)value), width, from, to);
        var bytes = MemoryMarshal.AsBytes<float>(Array.ConvertAll(rows, value => (float)value)).ToArray();
        return new WeightTensor(table.Name, WeightType.Float32, [1, to.Tokens, width], destination => bytes.CopyTo(destination)) { Source = table.Source };
    }

    private static float[] Values(WeightTensor table)
    {
        using var stored = ModuleWeights.ToTensor(table);
        using var single = stored.to(torch.ScalarType.Float32);
        return MemoryMarshal.Cast<byte, float>(single.bytes).ToArray();
    }
}
