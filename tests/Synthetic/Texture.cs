namespace Mofo.ML.Tests.Synthetic;

/// <summary>A grey picture with detail at every size (octaves of smooth noise), sampled between pixels; it repeats at its edges.</summary>
internal sealed class Texture
{
    private const int Size = 512;
    private readonly float[] _values = new float[Size * Size];

    /// <param name="random">Source of the pattern.</param>
    /// <param name="mean">Mean grey level.</param>
    /// <param name="contrast">Spread of the grey levels around the mean.</param>
    public Texture(Random random, float mean, float contrast)
    {
        // Blocks of 64, 32, 16, 8 and 4 pixels, coarse ones strongest; 2-pixel detail would alias when sampled.
        for (var (cell, weight) = (64, 1f); cell >= 4; cell /= 2, weight *= 0.8f)
        {
            AddOctave(random, cell, weight);
        }

        var average = _values.Average();
        var spread = MathF.Sqrt(_values.Average(v => (v - average) * (v - average)));
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = mean + (contrast * (_values[i] - average) / spread);
        }
    }

    public float At(float x, float y)
    {
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (fx, fy) = (x - left, y - top);
        var (row, below) = ((top & (Size - 1)) * Size, ((top + 1) & (Size - 1)) * Size);
        var (column, right) = (left & (Size - 1), (left + 1) & (Size - 1));
        var upper = _values[row + column] + (fx * (_values[row + right] - _values[row + column]));
        var lower = _values[below + column] + (fx * (_values[below + right] - _values[below + column]));
        return upper + (fy * (lower - upper));
    }

    private void AddOctave(Random random, int cell, float weight)
    {
        var count = Size / cell;
        var knots = new float[count * count];
        for (var i = 0; i < knots.Length; i++)
        {
            knots[i] = random.NextSingle() - 0.5f;
        }

        for (var i = 0; i < _values.Length; i++)
        {
            var (gx, gy) = ((i % Size) / (float)cell, (i / Size) / (float)cell);
            var (left, top) = ((int)gx, (int)gy);
            var (fx, fy) = (Smooth(gx - left), Smooth(gy - top));
            float Knot(int dx, int dy) => knots[((top + dy) % count * count) + ((left + dx) % count)];
            var upper = Knot(0, 0) + (fx * (Knot(1, 0) - Knot(0, 0)));
            var lower = Knot(0, 1) + (fx * (Knot(1, 1) - Knot(0, 1)));
            _values[i] += weight * (upper + (fy * (lower - upper)));
        }

        static float Smooth(float t) => t * t * (3 - (2 * t));
    }
}
