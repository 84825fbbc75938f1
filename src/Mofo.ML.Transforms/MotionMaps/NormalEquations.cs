namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>Normal equations of u = a + b x + c y and v = d + e x + f y, which share their matrix: sums over weighted points.</summary>
internal struct NormalEquations
{
    private double _s, _sx, _sy, _sxx, _sxy, _syy;
    private double _u, _ux, _uy, _v, _vx, _vy;

    /// <summary>Adds a point with its flow.</summary>
    public void Add(double weight, double x, double y, double flowX, double flowY)
    {
        _s += weight;
        _sx += weight * x;
        _sy += weight * y;
        _sxx += weight * x * x;
        _sxy += weight * x * y;
        _syy += weight * y * y;
        _u += weight * flowX;
        _ux += weight * flowX * x;
        _uy += weight * flowX * y;
        _v += weight * flowY;
        _vx += weight * flowY * x;
        _vy += weight * flowY * y;
    }

    /// <summary>The field of least squares; false where the points do not determine it.</summary>
    public readonly bool TrySolve(out AffineField field)
    {
        var matrix = new Symmetric3(_s, _sx, _sy, _sxx, _sxy, _syy);
        if (matrix.IsSingular)
        {
            field = default;
            return false;
        }

        var (a, b, c) = matrix.Solve(_u, _ux, _uy);
        var (d, e, f) = matrix.Solve(_v, _vx, _vy);
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
