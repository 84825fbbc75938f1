using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Clip to network input: float32 [C=3, T, H, W], (value/255 - mean) / std per channel.</summary>
/// <remarks>The ImageNet mean and deviation of the original's configuration live here and nowhere else; other weights bring their own.</remarks>
internal static class ClipTensor
{
    /// <summary>Mean of red, green and blue, for values in [0, 1].</summary>
    public static readonly float[] Mean = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of red, green and blue, for values in [0, 1].</summary>
    public static readonly float[] StandardDeviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Number of values that a clip of this size fills.</summary>
    public static int LengthOf(int frames, int width, int height) => checked(3 * frames * width * height);

    /// <summary>Writes the clip into the first <see cref="LengthOf"/> values of the span.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="destination">[3,T,H,W], row-major.</param>
    /// <param name="normalization">Null for ImageNet's.</param>
    public static void Write(Clip clip, Span<float> destination, PixelNormalization? normalization = null)
    {
        var plane = clip.Length * clip.Width * clip.Height;
        if (destination.Length < 3 * plane)
        {
            throw new ArgumentException(Invariant($"A clip of {clip.Length} frames of {clip.Width}x{clip.Height} needs {3 * plane} values; the span has {destination.Length}."), nameof(destination));
        }

        var rule = normalization ?? PixelNormalization.ImageNet;
        Write(clip.Pixels, destination[..plane], destination.Slice(plane, plane), destination.Slice(2 * plane, plane), [rule.Of(0), rule.Of(1), rule.Of(2)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // else the first pass runs for the most part in code that the compiler has not optimised yet
    private static void Write(ReadOnlySpan<byte> pixels, Span<float> red, Span<float> green, Span<float> blue, ReadOnlySpan<(float Factor, float Summand)> rules)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= red.Length - 16; i += 16)
            {
                var a = Vector128.Create(pixels.Slice(i * 3, 16));
                var b = Vector128.Create(pixels.Slice((i * 3) + 16, 16));
                var c = Vector128.Create(pixels.Slice((i * 3) + 32, 16));
                Normalise(Pick(a, b, c, 0), rules[0], red.Slice(i, 16));
                Normalise(Pick(a, b, c, 1), rules[1], green.Slice(i, 16));
                Normalise(Pick(a, b, c, 2), rules[2], blue.Slice(i, 16));
            }
        }

        for (; i < red.Length; i++)
        {
            red[i] = (pixels[i * 3] * rules[0].Factor) + rules[0].Summand;
            green[i] = (pixels[(i * 3) + 1] * rules[1].Factor) + rules[1].Summand;
            blue[i] = (pixels[(i * 3) + 2] * rules[2].Factor) + rules[2].Summand;
        }
    }

    /// <summary>Every third byte of 48, from the given channel on; a shuffle index past 15 gives 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pick(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, int channel) => channel switch
    {
        0 => Vector128.Shuffle(a, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13)),
        1 => Vector128.Shuffle(a, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14)),
        _ => Vector128.Shuffle(a, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Normalise(Vector128<byte> values, (float Factor, float Summand) rule, Span<float> destination)
    {
        var scale = Vector128.Create(rule.Factor);
        var offset = Vector128.Create(rule.Summand);
        var (low, high) = Vector128.Widen(values);
        var (first, second) = Vector128.Widen(low);
        var (third, fourth) = Vector128.Widen(high);
        ((Vector128.ConvertToSingle(first.AsInt32()) * scale) + offset).CopyTo(destination);
        ((Vector128.ConvertToSingle(second.AsInt32()) * scale) + offset).CopyTo(destination[4..]);
        ((Vector128.ConvertToSingle(third.AsInt32()) * scale) + offset).CopyTo(destination[8..]);
        ((Vector128.ConvertToSingle(fourth.AsInt32()) * scale) + offset).CopyTo(destination[12..]);
    }
}
