using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>A picture and its two derivatives sampled at displaced places: bicubic (Keys 1981 with a = -0.75, OpenCV's choice), 0 outside the picture.</summary>
/// <remarks>The three are kept interleaved, so that one pass of 16 loads serves all of them.</remarks>
internal sealed unsafe class CubicWarp
{
    /// <summary>Zero pixels around the picture: displaced places are clamped so that the 4x4 taps stay within.</summary>
    private const int Border = 5;
    private const float Sharpness = -0.75f;

    private readonly float[] _memory;
    private readonly float* _pixels;
    private int _width;
    private int _height;
    private int _stride;

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

    /// <summary>Fills the data term's planes for the flow in <paramref name="planes"/>.</summary>
    /// <param name="first">The picture that the flow starts from.</param>
    /// <param name="planes">X and Y are read; gradients, inverse norm and residual written.</param>
    public void Warp(Plane first, in TvL1Planes planes)
    {
        for (var y = 0; y < _height; y++)
        {
            float* flowX = planes.X.Row(y), flowY = planes.Y.Row(y), from = first.Row(y);
            float* gradientX = planes.GradientX.Row(y), gradientY = planes.GradientY.Row(y), inverseNorm = planes.InverseNorm.Row(y), residual = planes.Residual.Row(y);
            for (var x = 0; x < _width; x++)
            {
                var sample = Sample(x + flowX[x], y + flowY[x]);
                float gx = sample.GetElement(1), gy = sample.GetElement(2);
                var norm = (gx * gx) + (gy * gy);
                gradientX[x] = gx;
                gradientY[x] = gy;
                inverseNorm[x] = norm > 1e-12f ? 1 / norm : 0;
                residual[x] = sample.GetElement(0) - (gx * flowX[x]) - (gy * flowY[x]) - from[x];
            }
        }
    }

    /// <summary>Picture, x derivative, y derivative, 0 at a place between pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Sample(float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y);
        var (x0, x1, x2, x3) = Weights(x - left);
        var (y0, y1, y2, y3) = Weights(y - top);
        var column = (int)Math.Clamp(left, -3f, _width + 1f) - 1 + Border;
        var row = (int)Math.Clamp(top, -3f, _height + 1f) - 1 + Border;
        var at = _pixels + ((nint)row * _stride) + ((nint)column * 4);
        Vector128<float> wx0 = Vector128.Create(x0), wx1 = Vector128.Create(x1), wx2 = Vector128.Create(x2), wx3 = Vector128.Create(x3);
        var sum = Row(at, wx0, wx1, wx2, wx3) * Vector128.Create(y0);
        sum = Vector128.MultiplyAddEstimate(Row(at + _stride, wx0, wx1, wx2, wx3), Vector128.Create(y1), sum);
        sum = Vector128.MultiplyAddEstimate(Row(at + (2 * _stride), wx0, wx1, wx2, wx3), Vector128.Create(y2), sum);
        return Vector128.MultiplyAddEstimate(Row(at + (3 * _stride), wx0, wx1, wx2, wx3), Vector128.Create(y3), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Row(float* at, Vector128<float> w0, Vector128<float> w1, Vector128<float> w2, Vector128<float> w3)
    {
        var sum = Vector128.Load(at) * w0;
        sum = Vector128.MultiplyAddEstimate(Vector128.Load(at + 4), w1, sum);
        sum = Vector128.MultiplyAddEstimate(Vector128.Load(at + 8), w2, sum);
        return Vector128.MultiplyAddEstimate(Vector128.Load(at + 12), w3, sum);
    }

    /// <summary>Weights of the pixels at -1, 0, 1, 2 for a place <paramref name="t"/> in [0, 1) after pixel 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float W0, float W1, float W2, float W3) Weights(float t)
    {
        var s = 1 - t;
        var w0 = Sharpness * t * s * s;
        var w3 = Sharpness * s * t * t;
        var w1 = ((((Sharpness + 2) * t) - (Sharpness + 3)) * t * t) + 1;
        return (w0, w1, 1 - w0 - w1 - w3, w3);
    }
}
