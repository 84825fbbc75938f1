using System.Numerics;
using Mofo.ML.Trainers.Model.Layers;
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

    public static bool Fits(Tensor tensor) => IsFor(tensor) && tensor.is_contiguous();

    /// <summary>Whether the kernel is for tensors of this type and place, however they lie.</summary>
    public static bool IsFor(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    public static unsafe void Update(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, AdamWNumbers numbers)
    {
        // Pointers cannot be captured, addresses can; the tensors outlive the loop.
        var length = parameter.numel();
        var (p, g, m, v) = (TensorMemory.Address(parameter), TensorMemory.Address(gradient), TensorMemory.Address(mean), TensorMemory.Address(square));
        // Every value is computed by itself: the number of threads changes no bit.
        new RowShares(length, width: 1, Piece).Each(
            (_, start, end) => Run((float*)p + start, (float*)g + start, (float*)m + start, (float*)v + start, (int)(end - start), numbers));
    }

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
