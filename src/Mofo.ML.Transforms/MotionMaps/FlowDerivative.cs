using System.Numerics;

namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>Derivative of a flow component in x and y, as magnitude; edges are mirrored (d c b a | a b c d).</summary>
/// <remarks>
/// The kernels are -1 0 1 in three equal rows, and its transpose. A uniform flow, which is what a camera that pans or shakes gives,
/// has no derivative: that is why the map ignores it.
/// </remarks>
internal sealed class FlowDerivative(int width, int height)
{
    // One pixel of mirrored edge on either side.
    private readonly float[] _columnSum = new float[width + 2];
    private readonly float[] _rowDifference = new float[width + 2];

    /// <summary>Adds <paramref name="weight"/> times the magnitude of the derivative to <paramref name="into"/>, leaving out a frame of <paramref name="border"/> pixels.</summary>
    public void AddMagnitude(ReadOnlySpan<float> component, float weight, int border, Span<float> into)
    {
        for (var y = border; y < height - border; y++)
        {
            var above = component.Slice(Math.Max(y - 1, 0) * width, width);
            var here = component.Slice(y * width, width);
            var below = component.Slice(Math.Min(y + 1, height - 1) * width, width);
            PrepareRow(above, here, below);
            AddRow(weight, border, into.Slice(y * width, width));
        }
    }

    private void PrepareRow(ReadOnlySpan<float> above, ReadOnlySpan<float> here, ReadOnlySpan<float> below)
    {
        var x = 0;
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
        {
            var a = new Vector<float>(above[x..]);
            var b = new Vector<float>(below[x..]);
            (a + new Vector<float>(here[x..]) + b).CopyTo(_columnSum, x + 1);
            (b - a).CopyTo(_rowDifference, x + 1);
        }

        for (; x < width; x++)
        {
            _columnSum[x + 1] = above[x] + here[x] + below[x];
            _rowDifference[x + 1] = below[x] - above[x];
        }

        (_columnSum[0], _columnSum[width + 1]) = (_columnSum[1], _columnSum[width]);
        (_rowDifference[0], _rowDifference[width + 1]) = (_rowDifference[1], _rowDifference[width]);
    }

    private void AddRow(float weight, int border, Span<float> row)
    {
        ReadOnlySpan<float> sum = _columnSum;
        ReadOnlySpan<float> difference = _rowDifference;
        var x = border;
        for (; x <= width - border - Vector<float>.Count; x += Vector<float>.Count)
        {
            var dx = new Vector<float>(sum[(x + 2)..]) - new Vector<float>(sum[x..]);
            var dy = new Vector<float>(difference[x..]) + new Vector<float>(difference[(x + 1)..]) + new Vector<float>(difference[(x + 2)..]);
            (new Vector<float>(row[x..]) + (weight * Vector.SquareRoot((dx * dx) + (dy * dy)))).CopyTo(row[x..]);
        }

        for (; x < width - border; x++)
        {
            var dx = sum[x + 2] - sum[x];
            var dy = difference[x] + difference[x + 1] + difference[x + 2];
            row[x] += weight * MathF.Sqrt((dx * dx) + (dy * dy));
        }
    }
}
