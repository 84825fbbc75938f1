namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The box of one frame exactly as the release finds it, its 8-bit blur, holes and black pixels included.</summary>
internal sealed class ReleaseBoxFinder(int width, int height)
{
    private readonly ReleaseBlur _fine = new(width, height, 1);
    private readonly ReleaseBlur _wide = new(width, height, 30);

    /// <summary>A map as 8 bits: fractions are cut off, and what exceeds 255 wraps round.</summary>
    public static byte[] ToBytes(ReadOnlySpan<float> map)
    {
        var bytes = new byte[map.Length];
        for (var i = 0; i < map.Length; i++)
        {
            bytes[i] = unchecked((byte)(int)map[i]);
        }

        return bytes;
    }

    /// <summary>The box around what moves in one frame; null when nothing is left.</summary>
    /// <param name="map">The 8-bit motion map.</param>
    /// <param name="picture">The RGB frame: where it is black, there is no box.</param>
    public ReleaseBox? Find(ReadOnlySpan<byte> map, ReadOnlySpan<byte> picture)
    {
        var image = map.ToArray();
        Cut(image);
        Spread(image);
        return Extent(MovingArea.Find(image, width, height, countHoles: true).Mask, picture);
    }

    /// <summary>Blurs with sigma 1 and drops what is below 0.4 of the maximum, then what is below 1.5 standard deviations of the rest.</summary>
    public void Cut(Span<byte> image)
    {
        _fine.Apply(image);
        byte highest = 0;
        foreach (var value in image)
        {
            highest = Math.Max(highest, value);
        }

        DropBelow(image, 0.4 * highest);
        DropBelow(image, 1.5 * (StandardDeviation(image) + 1e-5));
    }

    /// <summary>Blurs with sigma 30.</summary>
    public void Spread(Span<byte> image) => _wide.Apply(image);

    private static void DropBelow(Span<byte> image, double lowest)
    {
        foreach (ref var value in image)
        {
            if (value < lowest)
            {
                value = 0;
            }
        }
    }

    private static double StandardDeviation(ReadOnlySpan<byte> image)
    {
        long sum = 0;
        long squares = 0;
        foreach (var value in image)
        {
            sum += value;
            squares += value * value;
        }

        var mean = sum / (double)image.Length;
        return Math.Sqrt(Math.Max(0, (squares / (double)image.Length) - (mean * mean)));
    }

    private ReleaseBox? Extent(ReadOnlySpan<byte> mask, ReadOnlySpan<byte> picture)
    {
        var (x1, y1, x2, y2) = (int.MaxValue, int.MaxValue, -1, -1);
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] != 0 && picture.Slice(3 * i, 3).ContainsAnyExcept((byte)0))
            {
                var (y, x) = Math.DivRem(i, width);
                (x1, y1, x2, y2) = (Math.Min(x1, x), Math.Min(y1, y), Math.Max(x2, x), Math.Max(y2, y));
            }
        }

        return x2 < 0 ? null : new ReleaseBox(x1, y1, x2, y2);
    }
}
