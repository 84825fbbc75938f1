using System.Runtime.Intrinsics;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>A picture and its two derivatives sampled at displaced places: bicubic (Keys 1981), 0 outside the picture: as OpenCV's TV-L1 does it, whose flow is to be the same.</summary>
/// <remarks>
/// The three are kept interleaved, so that one pass of 16 loads serves all of them. With a = -0.75 the kernel does not reproduce a slope: halfway between
/// a pixel and the middle the sample lies 0.047 pixels off, and so does every flow that is found with it.
/// </remarks>
internal sealed unsafe class CubicWarp : IPictureWarp
{
    /// <summary>Zero pixels around the picture: displaced places are clamped so that the 4x4 taps stay within.</summary>
    private const int Border = 5;

    /// <summary>Keys's a as OpenCV has it.</summary>
    private const float Sharpness = -0.75f;

    private readonly float[] _memory;
    private readonly float* _pixels;
    private int _width;
    private int _height;
    private int _stride;

    /// <param name="width">Of the largest picture.</param>
    /// <param name="height">Of the largest picture.</param>
    public CubicWarp(int width, int height)
    {
        (_memory, var start) = PinnedFloats.Allocate((nint)(width + (2 * Border)) * (height + (2 * Border)) * 4);
        _pixels = (float*)start;
    }

    /// <summary>Takes the picture to warp, at most of the constructor's size, and its central differences (one-sided by halves at the edges).</summary>
    public void SetPicture(Plane picture)
    {
        (_width, _height, _stride) = (picture.Width, picture.Height, (picture.Width + (2 * Border)) * 4);
        var length = _stride * (_height + (2 * Border));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _memory.Length, nameof(picture));
        new Span<float>(_pixels, length).Clear();
        for (var y = 0; y < _height; y++)
        {
            float* row = picture.Row(y), above = picture.Row(Math.Max(y - 1, 0)), below = picture.Row(Math.Min(y + 1, _height - 1));
            var to = _pixels + ((nint)(y + Border) * _stride) + (Border * 4);
            for (var x = 0; x < _width; x++, to += 4)
            {
                to[0] = row[x];
                to[1] = 0.5f * (row[Math.Min(x + 1, _width - 1)] - row[Math.Max(x - 1, 0)]);
                to[2] = 0.5f * (below[x] - above[x]);
            }
        }
    }

    public void Warp(Plane first, in TvL1Planes planes)
    {
        for (var y = 0; y < _height; y++)
        {
            SampleRow(y, planes.X.Row(y), planes.Y.Row(y), planes.Residual.Row(y), planes.GradientX.Row(y), planes.GradientY.Row(y));
            if (Vector512.IsHardwareAccelerated)
            {
                LineariseRow<Lanes16>(y, first, planes);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                LineariseRow<Lanes8>(y, first, planes);
            }
            else
            {
                LineariseRow<Lanes1>(y, first, planes);
            }
        }
    }

    private void SampleRow(int y, float* flowX, float* flowY, float* value, float* gradientX, float* gradientY)
    {
        // Weights of the taps at -1, 0, 1, 2 for a place t after tap 0 are cubic polynomials in t; one vector holds a coefficient of all four.
        const float A = Sharpness;
        var c0 = Vector128.Create(0, 1f, 0, 0);
        var c1 = Vector128.Create(A, 0, -A, 0);
        var c2 = Vector128.Create(-2 * A, -(A + 3), (2 * A) + 3, A);
        var c3 = Vector128.Create(A, A + 2, -(A + 2), -A);
        var spread = Vector512.Create(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
        for (var x = 0; x < _width; x++)
        {
            float placeX = x + flowX[x], placeY = y + flowY[x], left = MathF.Floor(placeX), top = MathF.Floor(placeY);
            Vector128<float> tx = Vector128.Create(placeX - left), ty = Vector128.Create(placeY - top);
            var weightsX = c0 + (tx * (c1 + (tx * (c2 + (tx * c3)))));
            var weightsY = c0 + (ty * (c1 + (ty * (c2 + (ty * c3)))));
            var column = float.ConvertToIntegerNative<int>(float.MaxNative(-3, float.MinNative(left, _width + 1))) - 1 + Border;
            var row = float.ConvertToIntegerNative<int>(float.MaxNative(-3, float.MinNative(top, _height + 1))) - 1 + Border;
            var at = _pixels + ((nint)row * _stride) + (column * 4);

            // Four neighbours of three values each, in one load; rows first, then columns.
            var sum = (Vector512.Load(at) * weightsY.GetElement(0))
                + (Vector512.Load(at + _stride) * weightsY.GetElement(1))
                + (Vector512.Load(at + (2 * _stride)) * weightsY.GetElement(2))
                + (Vector512.Load(at + (3 * _stride)) * weightsY.GetElement(3));
            sum *= Vector512.ShuffleNative(weightsX.ToVector256Unsafe().ToVector512Unsafe(), spread);
            var half = sum.GetLower() + sum.GetUpper();
            var sample = half.GetLower() + half.GetUpper();
            value[x] = sample.ToScalar();
            gradientX[x] = sample.GetElement(1);
            gradientY[x] = sample.GetElement(2);
        }
    }

    /// <summary>From the warped values and derivatives: the residual of a linear brightness model, and 1 / |gradient|².</summary>
    private static void LineariseRow<TLanes>(int y, Plane first, in TvL1Planes planes)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* from = first.Row(y), flowX = planes.X.Row(y), flowY = planes.Y.Row(y);
        float* gradientX = planes.GradientX.Row(y), gradientY = planes.GradientY.Row(y), inverseNorm = planes.InverseNorm.Row(y), residual = planes.Residual.Row(y);

        // Where the gradient is 0 the inverse is never effective, since the step it scales is multiplied by the gradient; it must only be finite.
        TLanes one = TLanes.Of(1), tiny = TLanes.Of(1e-12f);
        for (var x = 0; x < planes.X.Width; x += TLanes.Count)
        {
            TLanes gx = TLanes.Load(gradientX + x), gy = TLanes.Load(gradientY + x);
            (one / ((gx * gx) + (gy * gy) + tiny)).Store(inverseNorm + x);
            (TLanes.Load(residual + x) - (gx * TLanes.Load(flowX + x)) - (gy * TLanes.Load(flowY + x)) - TLanes.Load(from + x)).Store(residual + x);
        }
    }
}
