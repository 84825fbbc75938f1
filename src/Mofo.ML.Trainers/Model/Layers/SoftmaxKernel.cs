using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Softmax over the rows of bfloat16 scores, in place, and its gradient, in place: torch's own take three times as long here.</summary>
/// <remarks>
/// Arithmetic in float32, rounded once. The exponential's relative error is 4e-5 (bfloat16 itself has 4e-3). Rows are independent of each other, so the
/// number of threads changes nothing. Needs AVX-512, as every processor with bfloat16 products has it.
/// </remarks>
internal static unsafe class SoftmaxKernel
{
    private const int Lanes = RoundedLanes.Count;

    /// <summary>Fills the last vector of a row: its exponential is 0 beside any score above it.</summary>
    private const float Nothing = -1e30f;

    /// <summary>Values of a share of the scores: a fifth of a millisecond of work, against the time in which a sleeping thread wakes. The scores that attention makes at a time are one share.</summary>
    private const long ShareValues = 1 << 19;

    public static bool Fits(Tensor scores) =>
        Avx512F.IsSupported && scores.device_type == DeviceType.CPU && scores.dtype == ScalarType.BFloat16 && scores.is_contiguous();

    /// <summary>scores = softmax(scale * scores) over the last dimension; any shape.</summary>
    public static void Softmax(Tensor scores, float scale) => EachRow(scores, null, scale, &Softmax);

    /// <summary>gradient = scale * weights * (gradient - sum(gradient * weights)): from the gradient of the weights to that of the scores.</summary>
    public static void Gradient(Tensor weights, Tensor gradient, float scale) => EachRow(gradient, weights, scale, &Gradient);

    private static void EachRow(Tensor changed, Tensor? read, float scale, delegate*<ushort*, ushort*, int, float, float*, void> run)
    {
        var width = checked((int)changed.shape[^1]);
        var rows = changed.numel() / width;
        var (target, source) = (TensorMemory.Address(changed), read is null ? 0 : TensorMemory.Address(read));
        new RowShares(rows, width, ShareValues).Each((_, first, end) =>
        {
            var room = new float[width + Lanes];
            fixed (float* values = room)
            {
                for (var row = first; row < end; row++)
                {
                    var offset = row * width;
                    run((ushort*)target + offset, source == 0 ? null : (ushort*)source + offset, width, scale, values);
                }
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // else the first pass runs for the most part in code that the compiler has not optimised yet
    private static void Softmax(ushort* row, ushort* unused, int width, float scale, float* values)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        var i = 0;
        for (; i <= width - Lanes; i += Lanes)
        {
            var value = RoundedLanes.Load(row + i);
            value.Store(values + i);
            largest = Vector512.Max(largest, value);
        }

        var top = Largest(largest);
        var padded = (width + Lanes - 1) / Lanes * Lanes;
        for (; i < width; i++)
        {
            values[i] = RoundedLanes.Load(row[i]);
            top = MathF.Max(top, values[i]);
        }

        for (; i < padded; i++)
        {
            values[i] = Nothing;
        }

        // exp(scale (x - top)) = 2^(steps x - steps top)
        var steps = scale * 1.44269504f;
        var (factor, offset) = (Vector512.Create(steps), Vector512.Create(-steps * top));
        var sums = Vector512<float>.Zero;
        for (i = 0; i < padded; i += Lanes)
        {
            var raised = PowerOfTwo(Avx512F.FusedMultiplyAdd(Vector512.Load(values + i), factor, offset));
            raised.Store(values + i);
            sums += raised;
        }

        var share = 1 / Vector512.Sum(sums);
        for (i = 0; i <= width - Lanes; i += Lanes)
        {
            RoundedLanes.Store(Vector512.Load(values + i) * share, row + i);
        }

        for (; i < width; i++)
        {
            row[i] = RoundedLanes.Rounded(values[i] * share);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // else the first pass runs for the most part in code that the compiler has not optimised yet
    private static void Gradient(ushort* gradient, ushort* weights, int width, float scale, float* unused)
    {
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i <= width - Lanes; i += Lanes)
        {
            sums = Avx512F.FusedMultiplyAdd(RoundedLanes.Load(gradient + i), RoundedLanes.Load(weights + i), sums);
        }

        var sum = Vector512.Sum(sums);
        for (; i < width; i++)
        {
            sum += RoundedLanes.Load(gradient[i]) * RoundedLanes.Load(weights[i]);
        }

        var mean = Vector512.Create(sum);
        for (i = 0; i <= width - Lanes; i += Lanes)
        {
            RoundedLanes.Store((RoundedLanes.Load(gradient + i) - mean) * RoundedLanes.Load(weights + i) * scale, gradient + i);
        }

        for (; i < width; i++)
        {
            gradient[i] = RoundedLanes.Rounded((RoundedLanes.Load(gradient[i]) - sum) * RoundedLanes.Load(weights[i]) * scale);
        }
    }

    /// <summary>2^x for x of at most 0: the whole part by the exponent, the rest in [-1/2, 1/2] by a polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<float> x)
    {
        var whole = Avx512F.RoundScale(x, 0);
        var rest = x - whole;
        var p = Vector512.Create(0.0096181291f);
        p = Avx512F.FusedMultiplyAdd(p, rest, Vector512.Create(0.0555041087f));
        p = Avx512F.FusedMultiplyAdd(p, rest, Vector512.Create(0.2402265070f));
        p = Avx512F.FusedMultiplyAdd(p, rest, Vector512.Create(0.6931471806f));
        p = Avx512F.FusedMultiplyAdd(p, rest, Vector512<float>.One);
        return Avx512F.Scale(p, whole);
    }

    private static float Largest(Vector512<float> values)
    {
        var half = Vector256.Max(values.GetLower(), values.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return MathF.Max(MathF.Max(quarter[0], quarter[1]), MathF.Max(quarter[2], quarter[3]));
    }
}
