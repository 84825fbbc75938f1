using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>A picture sampled at displaced places (bicubic, Keys 1981, a = -0.5); the derivatives are those of what was sampled.</summary>
/// <remarks>
/// <see cref="CubicWarp"/> samples the two derivatives as well, which costs three times as much. Places outside the picture have no partner: their data
/// term is switched off (within one pixel, gradually), so that the flow there follows its surroundings instead of an invented border.
/// </remarks>
internal sealed unsafe class ValueWarp : IPictureWarp
{
    /// <summary>Pixels around the picture, the edge repeated: displaced places are clamped so that the 4x4 taps stay within.</summary>
    private const int Border = 5;

    /// <summary>Keys's a that reproduces slopes and parabolas: no bias.</summary>
    private const float A = -0.5f;

    private readonly float[] _memory;
    private readonly float* _pixels;
    private readonly PlaneMemory _warped;
    private int _width;
    private int _height;
    private int _stride;

    /// <param name="width">Of the largest picture.</param>
    /// <param name="height">Of the largest picture.</param>
    public ValueWarp(int width, int height)
    {
        (_memory, var start) = PinnedFloats.Allocate((nint)(width + (2 * Border)) * (height + (2 * Border)));
        _pixels = (float*)start;
        _warped = new PlaneMemory(width, height, 1);
    }

    public void SetPicture(Plane picture)
    {
        (_width, _height, _stride) = (picture.Width, picture.Height, picture.Width + (2 * Border));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_stride * (_height + (2 * Border)), _memory.Length, nameof(picture));
        for (var y = -Border; y < _height + Border; y++)
        {
            float* from = picture.Row(Math.Clamp(y, 0, _height - 1)), to = _pixels + ((nint)(y + Border) * _stride);
            new Span<float>(to, Border).Fill(from[0]);
            new ReadOnlySpan<float>(from, _width).CopyTo(new Span<float>(to + Border, _width));
            new Span<float>(to + Border + _width, Border).Fill(from[_width - 1]);
        }
    }

    public void Warp(Plane first, in TvL1Planes planes)
    {
        var warped = _warped.View(0, _width, _height);
        for (var y = 0; y < _height; y++)
        {
            var row = warped.Row(y);
            SampleRow(y, planes.X.Row(y), planes.Y.Row(y), row);
            (row[-1], row[_width]) = (row[0], row[_width - 1]);
        }

        for (var y = 0; y < _height; y++)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                LineariseRow<Lanes16>(y, warped, first, planes);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                LineariseRow<Lanes8>(y, warped, first, planes);
            }
            else
            {
                LineariseRow<Lanes1>(y, warped, first, planes);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Eight pixels at a time; in the guard behind the row the flow is whatever is there, and its samples are never read.</summary>
    private void SampleRow(int y, float* flowX, float* flowY, float* into)
    {
        var offsets = stackalloc int[8];
        var steps = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        Vector256<float> lowest = Vector256.Create(-3f), mostX = Vector256.Create(_width + 1f), mostY = Vector256.Create(_height + 1f);
        for (var x = 0; x < _width; x += 8)
        {
            Vector256<float> placeX = Vector256.Load(flowX + x) + steps + Vector256.Create((float)x), placeY = Vector256.Load(flowY + x) + Vector256.Create((float)y);
            Vector256<float> left = Vector256.Floor(placeX), top = Vector256.Floor(placeY);
            Vector256<float> tx = placeX - left, ty = placeY - top;
            var column = Vector256.ConvertToInt32Native(Vector256.MaxNative(lowest, Vector256.MinNative(left, mostX)));
            var row = Vector256.ConvertToInt32Native(Vector256.MaxNative(lowest, Vector256.MinNative(top, mostY)));
            (((row + Vector256.Create(Border - 1)) * _stride) + column + Vector256.Create(Border - 1)).Store(offsets);

            // Each call serves two pixels, 128 bits apart, so that all moves stay within 128 bits.
            var sum0 = SamplePair(offsets[0], offsets[4], Vector256.Shuffle(tx, Vector256.Create(0, 0, 0, 0, 4, 4, 4, 4)), Vector256.Shuffle(ty, Vector256.Create(0, 0, 0, 0, 4, 4, 4, 4)));
            var sum1 = SamplePair(offsets[1], offsets[5], Vector256.Shuffle(tx, Vector256.Create(1, 1, 1, 1, 5, 5, 5, 5)), Vector256.Shuffle(ty, Vector256.Create(1, 1, 1, 1, 5, 5, 5, 5)));
            var sum2 = SamplePair(offsets[2], offsets[6], Vector256.Shuffle(tx, Vector256.Create(2, 2, 2, 2, 6, 6, 6, 6)), Vector256.Shuffle(ty, Vector256.Create(2, 2, 2, 2, 6, 6, 6, 6)));
            var sum3 = SamplePair(offsets[3], offsets[7], Vector256.Shuffle(tx, Vector256.Create(3, 3, 3, 3, 7, 7, 7, 7)), Vector256.Shuffle(ty, Vector256.Create(3, 3, 3, 3, 7, 7, 7, 7)));
            var evenOdd = Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle();
            var lower = Vector256.Create(-1, -1, 0, 0, -1, -1, 0, 0).AsSingle();
            Vector256.ConditionalSelect(lower, Vector256.ConditionalSelect(evenOdd, sum0, sum1), Vector256.ConditionalSelect(evenOdd, sum2, sum3)).Store(into + x);
        }
    }

    /// <summary>The samples of two pixels, each four times in its half of the vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> SamplePair(int first, int second, Vector256<float> tx, Vector256<float> ty)
    {
        Vector256<float> weightsX = Weights(tx), weightsY = Weights(ty);
        float* a = _pixels + first, b = _pixels + second;
        var sum = Pair(a, b) * Vector256.Shuffle(weightsY, Vector256.Create(0, 0, 0, 0, 4, 4, 4, 4));
        sum += Pair(a + _stride, b + _stride) * Vector256.Shuffle(weightsY, Vector256.Create(1, 1, 1, 1, 5, 5, 5, 5));
        sum += Pair(a + (2 * _stride), b + (2 * _stride)) * Vector256.Shuffle(weightsY, Vector256.Create(2, 2, 2, 2, 6, 6, 6, 6));
        sum += Pair(a + (3 * _stride), b + (3 * _stride)) * Vector256.Shuffle(weightsY, Vector256.Create(3, 3, 3, 3, 7, 7, 7, 7));
        sum *= weightsX;
        sum += Vector256.Shuffle(sum, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
        return sum + Vector256.Shuffle(sum, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* a, float* b) => Vector256.Create(Vector128.Load(a), Vector128.Load(b));

    /// <summary>Weights of the taps at -1, 0, 1, 2 for a place t after tap 0: cubic polynomials in t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Weights(Vector256<float> t)
    {
        var c0 = Vector256.Create(0f, 1, 0, 0, 0, 1, 0, 0);
        var c1 = Vector256.Create(A, 0, -A, 0, A, 0, -A, 0);
        var c2 = Vector256.Create(-2 * A, -(A + 3), (2 * A) + 3, A, -2 * A, -(A + 3), (2 * A) + 3, A);
        var c3 = Vector256.Create(A, A + 2, -(A + 2), -A, A, A + 2, -(A + 2), -A);
        return c0 + (t * (c1 + (t * (c2 + (t * c3)))));
    }

    /// <summary>Central differences of the warped picture (one-sided by halves at the edges), the residual of a linear brightness model, and 1 / |gradient|².</summary>
    private void LineariseRow<TLanes>(int y, Plane warped, Plane first, in TvL1Planes planes)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* row = warped.Row(y), above = warped.Row(Math.Max(y - 1, 0)), below = warped.Row(Math.Min(y + 1, _height - 1));
        float* from = first.Row(y), flowX = planes.X.Row(y), flowY = planes.Y.Row(y);
        float* gradientX = planes.GradientX.Row(y), gradientY = planes.GradientY.Row(y), inverseNorm = planes.InverseNorm.Row(y), residual = planes.Residual.Row(y);
        var counted = stackalloc float[Plane.Guard];
        for (var i = 0; i < Plane.Guard; i++)
        {
            counted[i] = i;
        }

        // Where the gradient is 0 the inverse is never effective, since the step it scales is multiplied by the gradient; it must only be finite.
        TLanes zero = TLanes.Of(0), half = TLanes.Of(0.5f), one = TLanes.Of(1), tiny = TLanes.Of(1e-12f), width = TLanes.Of(_width), height = TLanes.Of(_height), rowNumber = TLanes.Of(y), steps = TLanes.Load(counted);
        for (var x = 0; x < _width; x += TLanes.Count)
        {
            TLanes u = TLanes.Load(flowX + x), v = TLanes.Load(flowY + x);
            TLanes placeX = TLanes.Of(x) + steps + u, placeY = rowNumber + v;

            // 1 inside, 0 from one pixel outside on.
            var inside = TLanes.Min(TLanes.Min(placeX + one, width - placeX), TLanes.Min(placeY + one, height - placeY));
            inside = TLanes.Max(zero, TLanes.Min(one, inside));
            var gx = half * (TLanes.Load(row + x + 1) - TLanes.Load(row + x - 1));
            var gy = half * (TLanes.Load(below + x) - TLanes.Load(above + x));
            (inside / ((gx * gx) + (gy * gy) + tiny)).Store(inverseNorm + x);
            gx *= inside;
            gy *= inside;
            (TLanes.Load(row + x) - (gx * u) - (gy * v) - TLanes.Load(from + x)).Store(residual + x);
            gx.Store(gradientX + x);
            gy.Store(gradientY + x);
        }
    }
}
