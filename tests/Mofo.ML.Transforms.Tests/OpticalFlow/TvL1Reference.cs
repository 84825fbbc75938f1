using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

/// <summary>TV-L1's inner iteration in plain loops and double precision, one formula of the paper after another.</summary>
internal sealed unsafe class TvL1Reference
{
    private readonly TvL1Weights _weights;
    private readonly int _width;
    private readonly int _height;
    private readonly double[] _gx, _gy, _residual;
    private readonly double[,] _p;

    public TvL1Reference(TvL1Planes planes, TvL1Weights weights)
    {
        (_weights, _width, _height) = (weights, planes.X.Width, planes.X.Height);
        (_gx, _gy, _residual) = (Copy(planes.GradientX), Copy(planes.GradientY), Copy(planes.Residual));
        (X, Y) = (Copy(planes.X), Copy(planes.Y));
        _p = new double[4, X.Length];
    }

    public double[] X { get; }

    public double[] Y { get; }

    public double Iterate()
    {
        var change = 0.0;
        var (oldX, oldY) = ((double[])X.Clone(), (double[])Y.Clone());
        for (var i = 0; i < X.Length; i++)
        {
            var norm = (_gx[i] * _gx[i]) + (_gy[i] * _gy[i]);
            var rho = _residual[i] + (_gx[i] * oldX[i]) + (_gy[i] * oldY[i]);
            var limit = _weights.Threshold * norm;
            var step = rho < -limit ? _weights.Threshold : rho > limit ? -_weights.Threshold : norm > 0 ? -rho / norm : 0;
            X[i] = oldX[i] + (step * _gx[i]) + (_weights.Theta * Divergence(0, i));
            Y[i] = oldY[i] + (step * _gy[i]) + (_weights.Theta * Divergence(2, i));
            change += Math.Pow(X[i] - oldX[i], 2) + Math.Pow(Y[i] - oldY[i], 2);
        }

        Dual(0, X);
        Dual(2, Y);
        return change;
    }

    private double Divergence(int p, int i) =>
        _p[p, i] - (i % _width > 0 ? _p[p, i - 1] : 0) + _p[p + 1, i] - (i >= _width ? _p[p + 1, i - _width] : 0);

    private void Dual(int p, double[] flow)
    {
        for (var i = 0; i < flow.Length; i++)
        {
            var dx = i % _width < _width - 1 ? flow[i + 1] - flow[i] : 0;
            var dy = i / _width < _height - 1 ? flow[i + _width] - flow[i] : 0;
            var norm = 1 + (_weights.DualStep * Math.Sqrt((dx * dx) + (dy * dy)));
            _p[p, i] = (_p[p, i] + (_weights.DualStep * dx)) / norm;
            _p[p + 1, i] = (_p[p + 1, i] + (_weights.DualStep * dy)) / norm;
        }
    }

    private double[] Copy(Plane plane)
    {
        var values = new float[_width * _height];
        plane.CopyTo(values);
        return Array.ConvertAll(values, v => (double)v);
    }
}
