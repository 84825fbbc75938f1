using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Dense inverse search on one level (Kroeger, Timofte, Dai, Van Gool 2016): 8x8 patches follow the brightness downhill, then vote.</summary>
/// <remarks>
/// The derivative belongs to the first picture and is taken once for each patch (inverse compositional); the mean of the difference is taken out,
/// so that a change of light does not move patches. A patch first tries the flows of its left and upper neighbours.
/// A pixel's flow is the mean over the patches above it, each weighted by 1 / max(1, |difference|).
/// </remarks>
internal sealed unsafe class PatchSearch
{
    private const int Side = 8;
    private const float Area = Side * Side;

    /// <summary>Added to the structure matrix's diagonal, about four grey levels squared per pixel: patches without texture stay where they are.</summary>
    private const float Damping = 1000;
    private const float SmallStepSquared = 0.01f * 0.01f;

    private readonly BorderedPicture _firstBordered;
    private readonly BorderedPicture _secondBordered;
    private readonly PlaneMemory _sums;
    private readonly int _width;
    private readonly int _height;
    private readonly int _iterations;
    private readonly int[] _columns;
    private readonly int[] _rows;
    private readonly (float X, float Y)[] _above;
    private Plane _first;
    private Plane _second;

    public PatchSearch(int width, int height, int stride, int iterations)
    {
        (_width, _height, _iterations) = (width, height, iterations);
        _firstBordered = new BorderedPicture(width, height);
        _secondBordered = new BorderedPicture(width, height);
        _sums = new PlaneMemory(width, height, 3);
        _columns = Places(width, stride);
        _rows = Places(height, stride);
        _above = new (float X, float Y)[_columns.Length];
    }

    /// <summary>Replaces the flow in <paramref name="x"/> and <paramref name="y"/> by the one found from there.</summary>
    public void Improve(Plane first, Plane second, Plane x, Plane y)
    {
        _first = _firstBordered.Fill(first);
        _second = _secondBordered.Fill(second);
        for (var i = 0; i < 3; i++)
        {
            Sum(i).Clear();
        }

        for (var j = 0; j < _rows.Length; j++)
        {
            var left = (X: float.NaN, Y: float.NaN);
            for (var i = 0; i < _columns.Length; i++)
            {
                var patch = new Patch(_first, _columns[i], _rows[j]);
                var start = (X: x.Row(_rows[j] + (Side / 2))[_columns[i] + (Side / 2)], Y: y.Row(_rows[j] + (Side / 2))[_columns[i] + (Side / 2)]);
                var best = Descend(patch, Start(patch, start, left, j > 0 ? _above[i] : left));

                // A patch that moved too far matched something else: it keeps the flow it began with.
                var (dx, dy) = (best.X - start.X, best.Y - start.Y);
                best = (dx * dx) + (dy * dy) <= Side * Side ? best : start;
                Vote(patch, best);
                left = _above[i] = best;
            }
        }

        Divide(x, 1);
        Divide(y, 2);
        GC.KeepAlive(this);
    }

    private static int[] Places(int length, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Side);
        var count = ((length - Side + stride - 1) / stride) + 1;
        return [.. Enumerable.Range(0, count).Select(i => Math.Min(i * stride, length - Side))];
    }

    private Plane Sum(int which) => _sums.View(which, _width, _height);

    private (float X, float Y) Start(in Patch patch, (float X, float Y) start, (float X, float Y) left, (float X, float Y) above)
    {
        var least = Error(patch, start);
        var best = start;
        foreach (var other in (ReadOnlySpan<(float X, float Y)>)[left, above])
        {
            if (!float.IsNaN(other.X) && Error(patch, other) is var error && error < least)
            {
                (least, best) = (error, other);
            }
        }

        return best;
    }

    /// <summary>Gauss-Newton with the fixed derivative, as long as the error falls.</summary>
    private (float X, float Y) Descend(in Patch patch, (float X, float Y) flow)
    {
        var best = flow;
        var least = float.PositiveInfinity;
        for (var i = 0; i < _iterations; i++)
        {
            var (error, stepX, stepY) = Step(patch, flow);
            if (error >= least)
            {
                return best;
            }

            (least, best) = (error, flow);
            flow = (flow.X - stepX, flow.Y - stepY);
            if ((stepX * stepX) + (stepY * stepY) < SmallStepSquared)
            {
                return flow;
            }
        }

        return flow;
    }

    /// <summary>The error alone, as <see cref="Step"/> has it.</summary>
    private float Error(in Patch patch, (float X, float Y) flow)
    {
        var sampler = new Sampler(_second, patch.X + flow.X, patch.Y + flow.Y);
        Vector256<float> sum = default, squares = default;
        for (var row = 0; row < Side; row++)
        {
            var difference = sampler.Next() - Vector256.Load(patch.Row(row));
            sum += difference;
            squares += difference * difference;
        }

        var total = Vector256.Sum(sum);
        return Vector256.Sum(squares) - (total * (total / Area));
    }

    /// <summary>Variance-like error at a place, and the step that would cancel it if the picture were linear.</summary>
    private (float Error, float X, float Y) Step(in Patch patch, (float X, float Y) flow)
    {
        var sampler = new Sampler(_second, patch.X + flow.X, patch.Y + flow.Y);
        Vector256<float> sum = default, squares = default, alongX = default, alongY = default;
        for (var row = 0; row < Side; row++)
        {
            var difference = sampler.Next() - Vector256.Load(patch.Row(row));
            patch.Gradient(row, out var gx, out var gy);
            sum += difference;
            squares += difference * difference;
            alongX += difference * gx;
            alongY += difference * gy;
        }

        var total = Vector256.Sum(sum);
        var mean = total / Area;
        var bx = Vector256.Sum(alongX) - (patch.SumX * mean);
        var by = Vector256.Sum(alongY) - (patch.SumY * mean);
        return (Vector256.Sum(squares) - (total * mean), patch.SolveX(bx, by), patch.SolveY(bx, by));
    }

    private void Vote(in Patch patch, (float X, float Y) flow)
    {
        var differences = stackalloc float[Side * Side];
        var sampler = new Sampler(_second, patch.X + flow.X, patch.Y + flow.Y);
        Vector256<float> sum = default;
        for (var row = 0; row < Side; row++)
        {
            var difference = sampler.Next() - Vector256.Load(patch.Row(row));
            difference.Store(differences + (row * Side));
            sum += difference;
        }

        Vector256<float> mean = Vector256.Create(Vector256.Sum(sum) / Area), one = Vector256.Create(1f);
        Plane weights = Sum(0), x = Sum(1), y = Sum(2);
        for (var row = 0; row < Side; row++)
        {
            var weight = one / Vector256.Max(one, Vector256.Abs(Vector256.Load(differences + (row * Side)) - mean));
            Add(weights.Row(patch.Y + row) + patch.X, weight);
            Add(x.Row(patch.Y + row) + patch.X, weight * flow.X);
            Add(y.Row(patch.Y + row) + patch.X, weight * flow.Y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* to, Vector256<float> values) => (Vector256.Load(to) + values).Store(to);

    private void Divide(Plane flow, int which)
    {
        Plane sums = Sum(which), weights = Sum(0);
        for (var y = 0; y < _height; y++)
        {
            System.Numerics.Tensors.TensorPrimitives.Divide(
                new ReadOnlySpan<float>(sums.Row(y), _width), new ReadOnlySpan<float>(weights.Row(y), _width), new Span<float>(flow.Row(y), _width));
        }
    }

    /// <summary>A patch of the first picture: where it lies and the inverse of its structure matrix, means taken out.</summary>
    private readonly struct Patch
    {
        private readonly float* _origin;
        private readonly int _stride;
        private readonly float _inverseXx;
        private readonly float _inverseXy;
        private readonly float _inverseYy;

        public Patch(Plane bordered, int x, int y)
        {
            (X, Y) = (x, y);
            _stride = bordered.Stride;
            _origin = bordered.Row(y + BorderedPicture.Border) + x + BorderedPicture.Border;
            Vector256<float> sumX = default, sumY = default, xx = default, xy = default, yy = default;
            for (var row = 0; row < Side; row++)
            {
                Gradient(row, out var gx, out var gy);
                sumX += gx;
                sumY += gy;
                xx += gx * gx;
                xy += gx * gy;
                yy += gy * gy;
            }

            (SumX, SumY) = (Vector256.Sum(sumX), Vector256.Sum(sumY));
            var hxx = Vector256.Sum(xx) - (SumX * SumX / Area) + Damping;
            var hxy = Vector256.Sum(xy) - (SumX * SumY / Area);
            var hyy = Vector256.Sum(yy) - (SumY * SumY / Area) + Damping;
            var inverse = 1 / ((hxx * hyy) - (hxy * hxy));
            (_inverseXx, _inverseXy, _inverseYy) = (hyy * inverse, -hxy * inverse, hxx * inverse);
        }

        public int X { get; }

        public int Y { get; }

        public float SumX { get; }

        public float SumY { get; }

        public float* Row(int row) => _origin + ((nint)row * _stride);

        public float SolveX(float bx, float by) => (_inverseXx * bx) + (_inverseXy * by);

        public float SolveY(float bx, float by) => (_inverseXy * bx) + (_inverseYy * by);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Gradient(int row, out Vector256<float> gx, out Vector256<float> gy)
        {
            var half = Vector256.Create(0.5f);
            var at = Row(row);
            gx = (Vector256.Load(at + 1) - Vector256.Load(at - 1)) * half;
            gy = (Vector256.Load(at + _stride) - Vector256.Load(at - _stride)) * half;
        }
    }

    /// <summary>Rows of eight bilinear samples at a fractional place of the second picture, from the top; outside, the edge goes on.</summary>
    private ref struct Sampler
    {
        private readonly int _stride;
        private readonly Vector256<float> _right;
        private readonly Vector256<float> _below;
        private float* _at;
        private Vector256<float> _row;

        public Sampler(Plane bordered, float x, float y)
        {
            // Beyond the border nothing changes any more, so places further out are the same as its end.
            var mostX = bordered.Width - (2f * BorderedPicture.Border) + Side - 2;
            var mostY = bordered.Height - (2f * BorderedPicture.Border) + Side - 2;
            x = float.MaxNative(-2 * Side + 1, float.MinNative(x, mostX));
            y = float.MaxNative(-2 * Side + 1, float.MinNative(y, mostY));
            float left = MathF.Floor(x), top = MathF.Floor(y);
            _right = Vector256.Create(x - left);
            _below = Vector256.Create(y - top);
            _stride = bordered.Stride;
            _at = bordered.Row((int)top + BorderedPicture.Border) + (int)left + BorderedPicture.Border;
            _row = Across(_at);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Next()
        {
            _at += _stride;
            var next = Across(_at);
            var sample = _row + (_below * (next - _row));
            _row = next;
            return sample;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly Vector256<float> Across(float* at)
        {
            var here = Vector256.Load(at);
            return here + (_right * (Vector256.Load(at + 1) - here));
        }
    }
}
