using System.Numerics;
using System.Numerics.Tensors;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Standard normal noise in bulk: xoshiro256++ (Blackman and Vigna 2018) into a vectorised Box-Muller transform.</summary>
internal sealed class NoiseStream(Random seed)
{
    private const int Block = 256;

    // Steps of 2^-24 in (0, 1]: every float in it is exact and its logarithm finite.
    private const float Step = 1f / (1 << 24);

    private ulong _a = (ulong)seed.NextInt64() | 1; // the state must not be all zero
    private ulong _b = (ulong)seed.NextInt64();
    private ulong _c = (ulong)seed.NextInt64();
    private ulong _d = (ulong)seed.NextInt64();

    public void Fill(Span<float> values)
    {
        Span<float> radii = stackalloc float[Block];
        Span<float> angles = stackalloc float[Block];
        Span<float> waves = stackalloc float[Block];
        while (!values.IsEmpty)
        {
            Uniform(radii, angles);
            TensorPrimitives.Log(radii, radii);
            TensorPrimitives.Multiply(radii, -2, radii);
            TensorPrimitives.Sqrt(radii, radii);
            TensorPrimitives.Multiply(angles, 2 * MathF.PI, angles);

            TensorPrimitives.Cos(angles, waves);
            values = FillNext(values, radii, waves);
            TensorPrimitives.Sin(angles, waves);
            values = FillNext(values, radii, waves);
        }
    }

    private static Span<float> FillNext(Span<float> values, scoped ReadOnlySpan<float> radii, scoped ReadOnlySpan<float> waves)
    {
        var count = Math.Min(values.Length, Block);
        TensorPrimitives.Multiply(radii[..count], waves[..count], values);
        return values[count..];
    }

    private void Uniform(Span<float> first, Span<float> second)
    {
        for (var i = 0; i < Block; i++)
        {
            var bits = Next();
            first[i] = ((uint)(bits >> 40) + 1) * Step;
            second[i] = ((uint)(bits >> 16) & 0xFFFFFF) * Step;
        }
    }

    private ulong Next()
    {
        var result = BitOperations.RotateLeft(_a + _d, 23) + _a;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }
}
