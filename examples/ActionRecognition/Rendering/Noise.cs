namespace ActionRecognition.Rendering;

/// <summary>Smooth noise in [0, 1]: random values on a lattice, blended in between.</summary>
internal sealed class Noise
{
    private const int Side = 32;

    private readonly float[] _lattice = new float[Side * Side];
    private readonly double _cell;

    public Noise(Random random, double cellPixels)
    {
        _cell = cellPixels;
        for (var i = 0; i < _lattice.Length; i++)
        {
            _lattice[i] = random.NextSingle();
        }
    }

    public double At(double x, double y)
    {
        var (column, fromLeft) = Split(x / _cell);
        var (row, fromTop) = Split(y / _cell);
        var top = Blend(Value(column, row), Value(column + 1, row), fromLeft);
        var bottom = Blend(Value(column, row + 1), Value(column + 1, row + 1), fromLeft);
        return Blend(top, bottom, fromTop);
    }

    private static (int Cell, double Within) Split(double position)
    {
        var cell = (int)Math.Floor(position);
        var within = position - cell;
        return (cell, within * within * (3 - (2 * within)));
    }

    private static double Blend(double a, double b, double share) => a + ((b - a) * share);

    private double Value(int column, int row) => _lattice[((row & (Side - 1)) * Side) + (column & (Side - 1))];
}
