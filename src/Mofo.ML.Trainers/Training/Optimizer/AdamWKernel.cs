using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>One step's numbers for one parameter.</summary>
internal readonly record struct AdamWNumbers(float Keep, float Beta1, float Beta2, float Rate, float InverseRootCorrection, float Epsilon);

/// <summary>The update of one parameter in a single pass: torch's own takes about ten, and memory is what it waits for.</summary>
internal static class AdamWKernel
{
    /// <summary>Values per piece of work: four arrays of it stay in a core's cache.</summary>
    private const int Piece = 32 * 1024;

    public static bool Fits(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous();

    public static unsafe void Update(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, AdamWNumbers numbers)
    {
        var length = checked((int)parameter.numel());
        fixed (float* p = Values(parameter), g = Values(gradient), m = Values(mean), v = Values(square))
        {
            // Pointers cannot be captured, their addresses can; the tensors outlive the loop.
            var (pa, ga, ma, va) = ((nint)p, (nint)g, (nint)m, (nint)v);
            var pieces = (length + Piece - 1) / Piece;
            if (pieces == 1)
            {
                Run(p, g, m, v, length, numbers);
                return;
            }

            Parallel.For(0, pieces, piece =>
            {
                var start = piece * Piece;
                Run((float*)pa + start, (float*)ga + start, (float*)ma + start, (float*)va + start, Math.Min(Piece, length - start), numbers);
            });
        }
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static unsafe void Run(float* p, float* g, float* m, float* v, int length, AdamWNumbers n)
    {
        var i = 0;
        var epsilon = new Vector<float>(n.Epsilon);
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = Vector.Load(g + i);
            var mean = (Vector.Load(m + i) * n.Beta1) + (gradient * (1 - n.Beta1));
            var square = (Vector.Load(v + i) * n.Beta2) + (gradient * gradient * (1 - n.Beta2));
            Vector.Store(mean, m + i);
            Vector.Store(square, v + i);
            var spread = (Vector.SquareRoot(square) * n.InverseRootCorrection) + epsilon;
            Vector.Store((Vector.Load(p + i) * n.Keep) - (mean / spread * n.Rate), p + i);
        }

        for (; i < length; i++)
        {
            m[i] = (m[i] * n.Beta1) + (g[i] * (1 - n.Beta1));
            v[i] = (v[i] * n.Beta2) + (g[i] * g[i] * (1 - n.Beta2));
            p[i] = (p[i] * n.Keep) - (m[i] / ((MathF.Sqrt(v[i]) * n.InverseRootCorrection) + n.Epsilon) * n.Rate);
        }
    }
}
