using System.Numerics.Tensors;
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
