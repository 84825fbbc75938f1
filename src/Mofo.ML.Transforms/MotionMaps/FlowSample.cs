using System.Numerics;

namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>The flow at some of the points, by which the exact fits through three points are judged.</summary>
internal sealed class FlowSample
{
    private readonly int _stride;
    private readonly int _count;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly float[] _flowX;
    private readonly float[] _flowY;
    private readonly float[] _squares;

    /// <param name="points">All points.</param>
    /// <param name="wanted">About so many are chosen, evenly.</param>
    public FlowSample(int points, int wanted)
    {
        _stride = Math.Max(1, points / wanted);
        _count = (points + _stride - 1) / _stride;
        var whole = (_count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        (_x, _y, _flowX, _flowY, _squares) = (new float[whole], new float[whole], new float[whole], new float[whole], new float[whole]);
        Array.Fill(_flowX, float.NaN); // behind the last point: distances that are never below anything
    }

    /// <summary>Takes places and flow of the chosen ones of all points.</summary>
    public void Take(float[] x, float[] y, float[] flowX, float[] flowY)
    {
        for (var i = 0; i < _count; i++)
        {
            (_x[i], _y[i], _flowX[i], _flowY[i]) = (x[i * _stride], y[i * _stride], flowX[i * _stride], flowY[i * _stride]);
        }
    }

    /// <summary>The median of the squared distances from a field where it is below <paramref name="limit"/>; else <paramref name="limit"/>.</summary>
    public float MedianBelow(float limit, AffineField field)
    {
        var below = 0;
        for (var i = 0; i < _squares.Length; i += Vector<float>.Count)
        {
            var (x, y) = (new Vector<float>(_x, i), new Vector<float>(_y, i));
            var dx = new Vector<float>(_flowX, i) - (new Vector<float>(field.U) + (x * field.Uxx) + (y * field.Uxy));
            var dy = new Vector<float>(_flowY, i) - (new Vector<float>(field.V) + (x * field.Vxx) + (y * field.Vxy));
            var squares = (dx * dx) + (dy * dy);
            squares.CopyTo(_squares, i);
            below -= Vector.Sum(Vector.LessThan(squares, new Vector<float>(limit)));
        }

        // The median is below the limit only where more than half of the distances are: most fits need no selection.
        return below > _count / 2 ? OrderStatistic.Select(_squares.AsSpan(0, _count), _count / 2) : limit;
    }
}
