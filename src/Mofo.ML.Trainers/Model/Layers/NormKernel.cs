using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Layer norm of float32 tokens rounded to bfloat16 in one pass, and its gradient in one: torch writes the norm, reads it again to round it, and likewise back.</summary>
/// <remarks>
/// Arithmetic in float32, rounded once. Sums over tokens (gradients of weight and bias) are made in shares of fixed size and added in their order, so the number of threads changes nothing.
/// Needs AVX-512, as every processor with bfloat16 products has it.
/// </remarks>
internal static unsafe class NormKernel
{
    private const int Lanes = RoundedLanes.Count;

    /// <summary>Values of a share of the tokens: some tenth of a millisecond of work, the least that pays for a second thread.</summary>
    private const long ShareValues = 200_000;

    public static bool Fits(Tensor tokens) =>
        Avx512F.IsSupported && tokens.device_type == DeviceType.CPU && tokens.dtype == ScalarType.Float32 && tokens.is_contiguous() && tokens.shape[^1] % Lanes == 0 && tokens.numel() > 0;

    /// <summary>[..,C] float32 -> the same shape in bfloat16.</summary>
    /// <param name="tokens">That fit.</param>
    /// <param name="weight">[C] float32.</param>
    /// <param name="bias">[C] float32.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Tensor Forward(Tensor tokens, Tensor weight, Tensor bias, double epsilon)
    {
        var rounded = empty(tokens.shape, ScalarType.BFloat16);
        var width = (int)tokens.shape[^1];
        var (from, to, factors, offsets) = (TensorMemory.Address(tokens), TensorMemory.Address(rounded), TensorMemory.Address(weight), TensorMemory.Address(bias));
        new RowShares(tokens.numel() / width, width, ShareValues).Each((_, first, end) =>
        {
            for (var row = first; row < end; row++)
            {
                Row((float*)from + (row * width), (ushort*)to + (row * width), (float*)factors, (float*)offsets, width, (float)epsilon);
            }
        });
        return rounded;
    }

    /// <summary>The gradients of tokens, weight and bias.</summary>
    /// <param name="gradient">[..,C] bfloat16, contiguous: that of the rounded norm.</param>
    /// <param name="tokens">As in the forward pass.</param>
    /// <param name="weight">[C] float32.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static (Tensor Tokens, Tensor Weight, Tensor Bias) Backward(Tensor gradient, Tensor tokens, Tensor weight, double epsilon)
    {
        using var scope = NewDisposeScope();
        var result = empty_like(tokens);
        var width = (int)tokens.shape[^1];
        var shares = new RowShares(tokens.numel() / width, width, ShareValues);
        var sums = zeros([shares.Count, 2, width]);
        var (outer, from, to, factors, parts) =
            (TensorMemory.Address(gradient), TensorMemory.Address(tokens), TensorMemory.Address(result), TensorMemory.Address(weight), TensorMemory.Address(sums));
        shares.Each((share, first, end) =>
        {
            var ofWeight = (float*)parts + (share * 2L * width);
            for (var row = first; row < end; row++)
            {
                var offset = row * width;
                RowGradient((ushort*)outer + offset, (float*)from + offset, (float*)to + offset, (float*)factors, ofWeight, ofWeight + width, width, (float)epsilon);
            }
        });
        var total = sums.sum([0L]);
        return (result.MoveToOuterDisposeScope(), total[0].MoveToOuterDisposeScope(), total[1].MoveToOuterDisposeScope());
    }

    private static (float Mean, float Inverse) Moments(float* row, int width, float epsilon)
    {
        var sums = Vector512<float>.Zero;
        for (var i = 0; i < width; i += Lanes)
        {
            sums += Vector512.Load(row + i);
        }

        var mean = Vector512.Sum(sums) / width;
        var (middle, squares) = (Vector512.Create(mean), Vector512<float>.Zero);
        for (var i = 0; i < width; i += Lanes)
        {
            var rest = Vector512.Load(row + i) - middle;
            squares = Avx512F.FusedMultiplyAdd(rest, rest, squares);
        }

        return (mean, 1 / MathF.Sqrt((Vector512.Sum(squares) / width) + epsilon));
    }

    private static void Row(float* from, ushort* to, float* weight, float* bias, int width, float epsilon)
    {
        var (mean, inverse) = Moments(from, width, epsilon);
        var (middle, scale) = (Vector512.Create(mean), Vector512.Create(inverse));
        for (var i = 0; i < width; i += Lanes)
        {
            RoundedLanes.Store(Avx512F.FusedMultiplyAdd((Vector512.Load(from + i) - middle) * scale, Vector512.Load(weight + i), Vector512.Load(bias + i)), to + i);
        }
    }

    /// <summary>With x = (token - mean) / deviation and g = gradient * weight: (g - mean(g) - x mean(g x)) / deviation.</summary>
    private static void RowGradient(ushort* outer, float* from, float* to, float* weight, float* ofWeight, float* ofBias, int width, float epsilon)
    {
        var (mean, inverse) = Moments(from, width, epsilon);
        var (middle, scale) = (Vector512.Create(mean), Vector512.Create(inverse));
        var (sum, product) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (var i = 0; i < width; i += Lanes)
        {
            var (gradient, x) = (RoundedLanes.Load(outer + i), (Vector512.Load(from + i) - middle) * scale);
            Avx512F.FusedMultiplyAdd(gradient, x, Vector512.Load(ofWeight + i)).Store(ofWeight + i);
            (Vector512.Load(ofBias + i) + gradient).Store(ofBias + i);
            var inner = gradient * Vector512.Load(weight + i);
            sum += inner;
            product = Avx512F.FusedMultiplyAdd(inner, x, product);
        }

        var (level, slope) = (Vector512.Create(Vector512.Sum(sum) / width), Vector512.Create(Vector512.Sum(product) / width));
        for (var i = 0; i < width; i += Lanes)
        {
            var x = (Vector512.Load(from + i) - middle) * scale;
            var inner = RoundedLanes.Load(outer + i) * Vector512.Load(weight + i);
            (Avx512F.FusedMultiplyAddNegated(x, slope, inner - level) * scale).Store(to + i);
        }
    }
}
