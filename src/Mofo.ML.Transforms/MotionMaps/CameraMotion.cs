using System.Numerics;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>The part of a flow that the camera makes: an affine field (shift, zoom, rotation, shear), fitted so that moving things do not count.</summary>
/// <remarks>
/// It begins with the best of many exact fits through three points, best by median distance, which holds as long as most of the picture is background.
/// Then least squares, reweighted with Tukey's function: points whose flow is far from the fit lose all influence.
/// The scale of the weights is the median distance, but never below the accuracy that a flow has anyway.
/// </remarks>
internal sealed class CameraMotion
{
    private const int Step = 6; // every sixth pixel in both directions: 2000 points of 320x240
    private const int Rounds = 6;
    private const int Trials = 60;
    private const int TrialPoints = 150;
    private const float FinestScale = 0.1f;
    private readonly int _width;
    private readonly int _height;
    private readonly int[] _points;
    private readonly float[] _x; // of the points, from the middle of the frame
    private readonly float[] _y;
    private readonly float[] _flowX; // at the points
    private readonly float[] _flowY;
    private readonly float[] _distances;
    private readonly float[] _scratch;
    private readonly float[][] _some; // x, y and flow of the points that judge the trials, up to whole vectors
    private readonly int _someCount;

    public CameraMotion(int width, int height)
    {
        (_width, _height) = (width, height);
        var points = new List<int>();
        for (var y = Math.Min(Step, height - 1) / 2; y < height; y += Step)
        {
            for (var x = Math.Min(Step, width - 1) / 2; x < width; x += Step)
            {
                points.Add((y * width) + x);
            }
        }

        _points = [.. points];
        _x = [.. points.Select(point => (point % width) - (width / 2f))];
        _y = [.. points.Select(point => (point / width) - (height / 2f))];
        _flowX = new float[_points.Length];
        _flowY = new float[_points.Length];
        _distances = new float[_points.Length];
        _someCount = (_points.Length + Math.Max(1, _points.Length / TrialPoints) - 1) / Math.Max(1, _points.Length / TrialPoints);
        var whole = (_someCount + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        _some = [.. Enumerable.Range(0, 4).Select(_ => new float[whole])];
        Array.Fill(_some[2], float.NaN); // behind the last point: distances that are never below anything
        _scratch = new float[Math.Max(_points.Length, whole)];
    }

    /// <summary>Takes the camera's part off the flow.</summary>
    /// <remarks>
    /// What the camera carries out of the picture (or within <paramref name="border"/> pixels of its edge) has no partner in the next frame;
    /// its flow is a guess of the algorithm, so it counts as going with the nearest part of the picture that stays. (Were it set to 0, whatever
    /// the fit leaves would end in a step there, and the map would show a frame around the picture.)
    /// </remarks>
    /// <returns>What was taken off.</returns>
    public AffineField Remove(FlowField flow, int border)
    {
        var camera = Fit(flow);
        var (top, bottom) = (-1, -1);
        for (var y = 0; y < _height; y++)
        {
            if (!RemoveRow(flow, camera, border, y))
            {
                continue;
            }

            (top, bottom) = (top < 0 ? y : top, y);
        }

        Extend(flow.X, top, bottom);
        Extend(flow.Y, top, bottom);
        return camera;
    }

    /// <summary>One row; false where less than half of it stays, so that it cannot speak for the whole row.</summary>
    private bool RemoveRow(FlowField flow, AffineField camera, int border, int y)
    {
        var (u, v) = camera.At(-_width / 2f, y - (_height / 2f));
        var rowX = flow.X.AsSpan(y * _width, _width);
        var rowY = flow.Y.AsSpan(y * _width, _width);
        SubtractRamp(rowX, u, camera.Uxx);
        SubtractRamp(rowY, v, camera.Vxx);

        // The places that stay are between straight lines: one run.
        var (first, last) = (0, _width - 1);
        while (first < _width && !Stays(first))
        {
            first++;
        }

        while (last > first && !Stays(last))
        {
            last--;
        }

        var stays = first < _width && last - first >= _width / 2;
        if (stays)
        {
            rowX[..first].Fill(rowX[first]);
            rowY[..first].Fill(rowY[first]);
            rowX[last..].Fill(rowX[last]);
            rowY[last..].Fill(rowY[last]);
        }

        return stays;

        bool Stays(int x)
        {
            var (toX, toY) = (x + (u + (camera.Uxx * x)), y + (v + (camera.Vxx * x)));
            return toX >= border && toX < _width - border && toY >= border && toY < _height - border;
        }
    }

    /// <summary>Takes start + slope x off every value.</summary>
    private static void SubtractRamp(Span<float> row, float start, float slope)
    {
        var x = 0;
        for (var places = Vector.CreateSequence(0f, 1f); x <= row.Length - Vector<float>.Count; x += Vector<float>.Count, places += new Vector<float>(Vector<float>.Count))
        {
            (new Vector<float>(row[x..]) - (new Vector<float>(start) + (slope * places))).CopyTo(row[x..]);
        }

        for (; x < row.Length; x++)
        {
            row[x] -= start + (slope * x);
        }
    }

    /// <summary>Repeats the first and the last row that stays outwards; where none does, nothing moves.</summary>
    private void Extend(float[] component, int top, int bottom)
    {
        if (top < 0)
        {
            Array.Clear(component);
            return;
        }

        for (var y = 0; y < top; y++)
        {
            component.AsSpan(top * _width, _width).CopyTo(component.AsSpan(y * _width));
        }

        for (var y = bottom + 1; y < _height; y++)
        {
            component.AsSpan(bottom * _width, _width).CopyTo(component.AsSpan(y * _width));
        }
    }

    public AffineField Fit(FlowField flow)
    {
        for (var i = 0; i < _points.Length; i++)
        {
            (_flowX[i], _flowY[i]) = (flow.X[_points[i]], flow.Y[_points[i]]);
        }

        var field = BestTrial();
        for (var round = 0; round < Rounds; round++)
        {
            var scale = Math.Max(FinestScale, MedianDistance(field));
            if (!Refit(scale, ref field))
            {
                break;
            }
        }

        return field;
    }

    private float Median(float[] component)
    {
        component.CopyTo(_scratch, 0);
        return OrderStatistic.Select(_scratch.AsSpan(0, component.Length), component.Length / 2);
    }

    private AffineField BestTrial()
    {
        ChooseSome();
        var best = new AffineField(Median(_flowX), 0, 0, Median(_flowY), 0, 0);
        var smallest = MedianOfSome(best, float.PositiveInfinity);
        var random = new Random(1); // the same trials for every flow: results depend on the flow alone
        Span<int> three = stackalloc int[3];
        for (var trial = 0; trial < Trials; trial++)
        {
            for (var k = 0; k < 3; k++)
            {
                three[k] = random.Next(_points.Length);
            }

            if (TryThrough(three, out var field) && MedianOfSome(field, smallest) is var distance && distance < smallest)
            {
                (best, smallest) = (field, distance);
            }
        }

        return best;
    }

    /// <summary>An even choice of points for the trials: x, y, and their flow.</summary>
    private void ChooseSome()
    {
        var stride = Math.Max(1, _points.Length / TrialPoints);
        for (var i = 0; i < _someCount; i++)
        {
            (_some[0][i], _some[1][i], _some[2][i], _some[3][i]) = (_x[i * stride], _y[i * stride], _flowX[i * stride], _flowY[i * stride]);
        }
    }

    /// <summary>The field through the flow at three points; false where they are not three, or lie on a line.</summary>
    private bool TryThrough(Span<int> three, out AffineField field)
    {
        three.Sort();
        var equations = default(NormalEquations);
        for (var k = 0; k < 3; k++)
        {
            if (k == 0 || three[k] != three[k - 1])
            {
                equations.Add(1, _x[three[k]], _y[three[k]], _flowX[three[k]], _flowY[three[k]]);
            }
        }

        return equations.TrySolve(out field);
    }

    /// <summary>Distances of the flow at all points from a field, kept for <see cref="Refit"/>; gives their median.</summary>
    private float MedianDistance(AffineField field)
    {
        for (var i = 0; i < _points.Length; i++)
        {
            _scratch[i] = _distances[i] = Distance(field, i);
        }

        return OrderStatistic.Select(_scratch.AsSpan(0, _points.Length), _points.Length / 2);
    }

    /// <summary>The median of the squared distances over an even choice of points, where it is below <paramref name="limit"/>; else <paramref name="limit"/>.</summary>
    private float MedianOfSome(AffineField field, float limit)
    {
        var (count, below) = (_some[0].Length, 0);
        for (var i = 0; i < count; i += Vector<float>.Count)
        {
            var (x, y) = (new Vector<float>(_some[0], i), new Vector<float>(_some[1], i));
            var dx = new Vector<float>(_some[2], i) - (new Vector<float>(field.U) + (x * field.Uxx) + (y * field.Uxy));
            var dy = new Vector<float>(_some[3], i) - (new Vector<float>(field.V) + (x * field.Vxx) + (y * field.Vxy));
            var squares = (dx * dx) + (dy * dy);
            squares.CopyTo(_scratch, i);
            below -= Vector.Sum(Vector.LessThan(squares, new Vector<float>(limit)));
        }

        // The median is below the limit only where more than half of the distances are.
        return below > _someCount / 2 ? OrderStatistic.Select(_scratch.AsSpan(0, _someCount), _someCount / 2) : limit;
    }

    private float Distance(AffineField field, int point)
    {
        var (u, v) = field.At(_x[point], _y[point]);
        var (dx, dy) = (_flowX[point] - u, _flowY[point] - v);
        return MathF.Sqrt((dx * dx) + (dy * dy));
    }

    /// <summary>Least squares over all points, weighted by their distances from the field before; false where too few points agree for more than a shift.</summary>
    private bool Refit(float scale, ref AffineField field)
    {
        var equations = default(NormalEquations);
        for (var i = 0; i < _points.Length; i++)
        {
            // Tukey's weight: zero beyond 4 median distances.
            var r = _distances[i] / (4 * scale);
            if (r < 1)
            {
                equations.Add((1 - (r * r)) * (1 - (r * r)), _x[i], _y[i], _flowX[i], _flowY[i]);
            }
        }

        if (!equations.TrySolve(out var solved))
        {
            return false;
        }

        field = solved;
        return true;
    }
}
