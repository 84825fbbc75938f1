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
    private int[] _points = [];
    private float[] _x = []; // of the points, from the middle of the frame
    private float[] _y = [];
    private float[] _flowX = []; // at the points
    private float[] _flowY = [];
    private float[] _distances = [];
    private float[] _scratch = [];
    private FlowSample _sample = new(1, 1);
    private PictureArea _area;

    public CameraMotion(int width, int height)
    {
        (_width, _height) = (width, height);
        SetArea(PictureArea.Whole(width, height));
    }

    /// <summary>Takes the camera's part off the flow.</summary>
    /// <remarks>
    /// What the camera carries out of the picture (or within <paramref name="border"/> pixels of its edge) has no partner in the next frame;
    /// its flow is a guess of the algorithm, so it counts as going with the nearest part of the picture that stays. (Were it set to 0, whatever
    /// the fit leaves would end in a step there, and the map would show a frame around the picture.) Black bars take no part in the fit, and go with the
    /// nearest part of the picture.
    /// </remarks>
    /// <param name="flow">Changed in place.</param>
    /// <param name="border">Flow this near to the edge of the area is not reliable.</param>
    /// <param name="area">Where the frames show a picture, without black bars, in pixels of the flow.</param>
    /// <returns>What was taken off.</returns>
    public AffineField Remove(FlowField flow, int border, PictureArea area)
    {
        if (area != _area)
        {
            SetArea(area);
        }

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

        // Beside a bar the flow is drawn towards its rest; at the edge of the frame it is not.
        var (top, bottom) = Reliable(_area.Top, _area.Bottom, _height, border);
        if (y < top || y >= bottom)
        {
            return false;
        }

        // The places that stay are between straight lines: one run.
        var (first, end) = Reliable(_area.Left, _area.Right, _width, border);
        var last = end - 1;
        while (first < end && !Stays(first))
        {
            first++;
        }

        while (last > first && !Stays(last))
        {
            last--;
        }

        var stays = first < end && last - first >= _area.Width / 2;
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
            return toX >= _area.Left + border && toX < _area.Right - border && toY >= _area.Top + border && toY < _area.Bottom - border;
        }
    }

    private static (int First, int End) Reliable(int first, int end, int length, int border) =>
        (first == 0 ? 0 : first + border, end == length ? length : end - border);

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
        _sample.Take(_x, _y, _flowX, _flowY);
        var best = new AffineField(Median(_flowX), 0, 0, Median(_flowY), 0, 0);
        var smallest = _sample.MedianBelow(float.PositiveInfinity, best);
        var random = new Random(1); // the same trials for every flow: results depend on the flow alone
        Span<int> three = stackalloc int[3];
        for (var trial = 0; trial < Trials; trial++)
        {
            for (var k = 0; k < 3; k++)
            {
                three[k] = random.Next(_points.Length);
            }

            if (TryThrough(three, out var field) && _sample.MedianBelow(smallest, field) is var distance && distance < smallest)
            {
                (best, smallest) = (field, distance);
            }
        }

        return best;
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

    /// <summary>Spreads the points over an area.</summary>
    private void SetArea(PictureArea area)
    {
        _area = area;
        var points = new List<int>();
        for (var y = area.Top + (Math.Min(Step, area.Height - 1) / 2); y < area.Bottom; y += Step)
        {
            for (var x = area.Left + (Math.Min(Step, area.Width - 1) / 2); x < area.Right; x += Step)
            {
                points.Add((y * _width) + x);
            }
        }

        _points = [.. points];
        _x = [.. points.Select(point => (point % _width) - (_width / 2f))];
        _y = [.. points.Select(point => (point / _width) - (_height / 2f))];
        _flowX = new float[_points.Length];
        _flowY = new float[_points.Length];
        _distances = new float[_points.Length];
        _scratch = new float[_points.Length];
        _sample = new FlowSample(_points.Length, TrialPoints);
    }
}
