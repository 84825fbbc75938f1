using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using OpenCvSharp;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Fills planes from bytes and from planes of other sizes.</summary>
internal static class PictureScaling
{
    /// <summary>8-bit grey to floats 0 to 255.</summary>
    public static unsafe void Load(ReadOnlySpan<byte> gray, Plane into)
    {
        for (var y = 0; y < into.Height; y++)
        {
            TensorPrimitives.ConvertTruncating<byte, float>(gray.Slice(y * into.Width, into.Width), new Span<float>(into.Row(y), into.Width));
        }
    }

    /// <summary>Bilinear, pixel centres aligned. A factor of 0 takes the ratio of the sizes.</summary>
    /// <param name="from">The picture to scale.</param>
    /// <param name="into">Takes the result, at its own size.</param>
    /// <param name="factor">Nominal size ratio, which decides where samples lie when the size was rounded.</param>
    public static void Resize(Plane from, Plane into, double factor = 0)
    {
        using var source = AsMat(from);
        using var target = AsMat(into);
        if (factor == 0)
        {
            Cv2.Resize(source, target, new Size(into.Width, into.Height), 0, 0, InterpolationFlags.Linear);
        }
        else
        {
            Cv2.Resize(source, target, default, factor, factor, InterpolationFlags.Linear);
        }
    }

    /// <summary>Half the size (rounded up) by averaging.</summary>
    public static void Reduce(Plane from, Plane into)
    {
        using var source = AsMat(from);
        using var target = AsMat(into);
        Cv2.Resize(source, target, new Size(into.Width, into.Height), 0, 0, InterpolationFlags.Area);
    }

    /// <summary>8-bit grey at half the size, each value the mean of 2x2, exactly.</summary>
    /// <param name="gray">Row-major.</param>
    /// <param name="into">Half as wide and high as the picture.</param>
    public static unsafe void LoadHalf(ReadOnlySpan<byte> gray, Plane into)
    {
        var (width, lowBytes, quarter) = (2 * into.Width, Vector256.Create((ushort)0xFF), Vector256.Create(0.25f));
        ArgumentOutOfRangeException.ThrowIfNotEqual(gray.Length, width * 2 * into.Height, nameof(gray));
        fixed (byte* start = gray)
        {
            for (var y = 0; y < into.Height; y++)
            {
                byte* upper = start + ((nint)y * 2 * width), lower = upper + width;
                var to = into.Row(y);
                var x = 0;
                for (; x <= into.Width - 16; x += 16)
                {
                    Vector256<ushort> above = Vector256.Load((ushort*)(upper + (2 * x))), below = Vector256.Load((ushort*)(lower + (2 * x)));
                    var sum = (above & lowBytes) + (above >>> 8) + (below & lowBytes) + (below >>> 8);
                    var (first, second) = Vector256.Widen(sum);
                    (Vector256.ConvertToSingle(first.AsInt32()) * quarter).Store(to + x);
                    (Vector256.ConvertToSingle(second.AsInt32()) * quarter).Store(to + x + 8);
                }

                for (; x < into.Width; x++)
                {
                    to[x] = 0.25f * (upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1]);
                }
            }
        }
    }

    public static unsafe void Multiply(Plane plane, float by)
    {
        for (var y = 0; y < plane.Height; y++)
        {
            var row = new Span<float>(plane.Row(y), plane.Width);
            TensorPrimitives.Multiply(row, by, row);
        }
    }

    private static unsafe Mat AsMat(Plane plane) => Mat.FromPixelData(plane.Height, plane.Width, MatType.CV_32FC1, (nint)plane.Row(0), plane.Stride * sizeof(float));
}
