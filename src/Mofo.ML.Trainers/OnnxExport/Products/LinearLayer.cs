using System.Runtime.InteropServices;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Products;

/// <summary>A linear layer of the model: y = x W^T + b.</summary>
/// <param name="Name">The layer's name in the model.</param>
/// <param name="Outputs">Rows of W.</param>
/// <param name="Inputs">Columns of W.</param>
/// <param name="Matrix">W as [out,in].</param>
/// <param name="Bias">b, or null.</param>
internal sealed record LinearLayer(string Name, int Outputs, int Inputs, Func<float[]> Matrix, Func<float[]>? Bias)
{
    /// <summary>W^T as a weight of the graph, [in,out], each value converted.</summary>
    public OnnxWeight Transposed<T>(DataType type, Func<float[], T[]> convert)
        where T : unmanaged =>
        new($"{Name}.weight^T", type, [Inputs, Outputs], () => MemoryMarshal.AsBytes<T>(Transpose(convert(Matrix()))).ToArray());

    /// <summary>b as a weight of the graph, [out].</summary>
    public OnnxWeight BiasRow<T>(DataType type, Func<float[], T[]> convert)
        where T : unmanaged =>
        new($"{Name}.bias_row", type, [Outputs], () => MemoryMarshal.AsBytes<T>(convert(Bias!())).ToArray());

    private T[] Transpose<T>(T[] matrix)
    {
        var result = new T[matrix.Length];

        // In squares that fit the cache: a plain loop misses it at every step of a large matrix.
        const int Side = 64;
        for (var top = 0; top < Outputs; top += Side)
        {
            for (var left = 0; left < Inputs; left += Side)
            {
                for (var row = top; row < Math.Min(top + Side, Outputs); row++)
                {
                    for (var column = left; column < Math.Min(left + Side, Inputs); column++)
                    {
                        result[(column * Outputs) + row] = matrix[(row * Inputs) + column];
                    }
                }
            }
        }

        return result;
    }
}
