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
    private readonly float[] _distances;
    private readonly float[] _scratch;

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
        _distances = new float[_points.Length];
        _scratch = new float[_points.Length];
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
        var (first, last) = (-1, -1); // the places that stay are between two straight lines: one run
        for (var x = 0; x < _width; x++)
        {
            var (cameraX, cameraY) = (u + (camera.Uxx * x), v + (camera.Vxx * x));
            (rowX[x], rowY[x]) = (rowX[x] - cameraX, rowY[x] - cameraY);
            if (x + cameraX >= border && x + cameraX < _width - border && y + cameraY >= border && y + cameraY < _height - border)
            {
                (first, last) = (first < 0 ? x : first, x);
            }
        }

        var stays = first >= 0 && last - first >= _width / 2;
        if (stays)
        {
            rowX[..first].Fill(rowX[first]);
            rowY[..first].Fill(rowY[first]);
            rowX[last..].Fill(rowX[last]);
            rowY[last..].Fill(rowY[last]);
        }

        return stays;
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
        var field = BestTrial(flow);
        for (var round = 0; round < Rounds; round++)
        {
            var scale = Math.Max(FinestScale, MedianDistance(flow, field, _points.Length));
            if (!Solve(flow, scale, ref field))
            {
                break;
            }
        }

        return field;
    }

    private float Median(float[] component)
    {
        for (var i = 0; i < _points.Length; i++)
        {
            _scratch[i] = component[_points[i]];
        }

        Array.Sort(_scratch);
        return _scratch[_scratch.Length / 2];
    }

    private AffineField BestTrial(FlowField flow)
    {
        var best = new AffineField(Median(flow.X), 0, 0, Median(flow.Y), 0, 0);
        var smallest = MedianDistance(flow, best, TrialPoints);
        var random = new Random(1); // the same trials for every flow: results depend on the flow alone
        for (var trial = 0; trial < Trials; trial++)
        {
            Array.Fill(_distances, float.PositiveInfinity); // weight 0 for all but three
            for (var k = 0; k < 3; k++)
            {
                _distances[random.Next(_points.Length)] = 0;
            }

            var field = best;
            if (Solve(flow, 1, ref field) && MedianDistance(flow, field, TrialPoints) is var distance && distance < smallest)
            {
                (best, smallest) = (field, distance);
            }
        }

        return best;
    }

    /// <summary>Distances of the flow from a field, into the work buffer: all of them or an even choice of at most so many; gives their median.</summary>
    private float MedianDistance(FlowField flow, AffineField field, int most)
    {
        var stride = Math.Max(1, _points.Length / most);
        var count = 0;
        for (var i = 0; i < _points.Length; i += stride)
        {
            var (u, v) = field.At((_points[i] % _width) - (_width / 2f), (_points[i] / _width) - (_height / 2f));
            var (dx, dy) = (flow.X[_points[i]] - u, flow.Y[_points[i]] - v);
            _distances[i] = MathF.Sqrt((dx * dx) + (dy * dy));
            _scratch[count++] = _distances[i];
        }

        Array.Sort(_scratch, 0, count);
        return _scratch[count / 2];
    }

    private bool Solve(FlowField flow, float scale, ref AffineField field)
    {
        // Normal equations of u = a + b x + c y and v = d + e x + f y share their matrix.
        double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
        double u = 0, ux = 0, uy = 0, v = 0, vx = 0, vy = 0;
        for (var i = 0; i < _points.Length; i++)
        {
            // Tukey's weight: zero beyond 4 median distances.
            var r = _distances[i] / (4 * scale);
            if (r >= 1)
            {
                continue;
            }

            double w = (1 - (r * r)) * (1 - (r * r));
            double x = (_points[i] % _width) - (_width / 2f), y = (_points[i] / _width) - (_height / 2f);
            double fx = flow.X[_points[i]], fy = flow.Y[_points[i]];
            s += w;
            sx += w * x;
            sy += w * y;
            sxx += w * x * x;
            sxy += w * x * y;
            syy += w * y * y;
            u += w * fx;
            ux += w * fx * x;
            uy += w * fx * y;
            v += w * fy;
            vx += w * fy * x;
            vy += w * fy * y;
        }

        var matrix = new Symmetric3(s, sx, sy, sxx, sxy, syy);
        if (matrix.IsSingular)
        {
            return false; // too few points agree for more than a shift
        }

        var (a, b, c) = matrix.Solve(u, ux, uy);
        var (d, e, f) = matrix.Solve(v, vx, vy);
        field = new AffineField((float)a, (float)b, (float)c, (float)d, (float)e, (float)f);
        return true;
    }

    private readonly record struct Symmetric3(double A, double B, double C, double D, double E, double F)
    {
        private double Determinant => (A * ((D * F) - (E * E))) - (B * ((B * F) - (E * C))) + (C * ((B * E) - (D * C)));

        public bool IsSingular => Math.Abs(Determinant) <= 1e-9 * Math.Abs(A * D * F) || A < 2.5;

        public (double X, double Y, double Z) Solve(double p, double q, double r)
        {
            var det = Determinant;
            var x = (p * ((D * F) - (E * E))) - (B * ((q * F) - (E * r))) + (C * ((q * E) - (D * r)));
            var y = (A * ((q * F) - (r * E))) - (p * ((B * F) - (E * C))) + (C * ((B * r) - (q * C)));
            var z = (A * ((D * r) - (q * E))) - (B * ((B * r) - (q * C))) + (p * ((B * E) - (D * C)));
            return (x / det, y / det, z / det);
        }
    }
}

/// <summary>u = U + Uxx x + Uxy y, v = V + Vxx x + Vxy y in pixels per frame; x and y from the middle of the frame.</summary>
internal readonly record struct AffineField(float U, float Uxx, float Uxy, float V, float Vxx, float Vxy)
{
    public (float X, float Y) At(float x, float y) => (U + (Uxx * x) + (Uxy * y), V + (Vxx * x) + (Vxy * y));
}
