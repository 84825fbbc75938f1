namespace ActionRecognition.Rendering;

/// <summary>A two-coloured pattern on the plane; coordinates are pixels.</summary>
internal sealed class Texture
{
    private readonly Func<double, double, double> _share;
    private readonly Colour _from;
    private readonly Colour _to;

    private Texture(Func<double, double, double> share, Colour from, Colour to)
    {
        _share = share;
        _from = from;
        _to = to;
    }

    public Colour At(double x, double y) => _from.Towards(_to, Math.Clamp(_share(x, y), 0, 1));

    /// <summary>Strong colours and a pattern about <paramref name="size"/> pixels coarse: what moves.</summary>
    public static Texture Bold(Random random, double size)
    {
        var hue = random.NextDouble();
        var from = Colour.FromHsv(hue, random.Between(0.7, 1), random.Between(0.75, 1));
        var to = random.Next(3) switch
        {
            0 => Colour.FromHsv(hue + random.Between(0.35, 0.65), random.Between(0.6, 1), random.Between(0.6, 1)),
            1 => new Colour(0.95, 0.95, 0.92),
            _ => new Colour(0.08, 0.07, 0.1),
        };
        return new Texture(Pattern(random, size), from, to);
    }

    /// <summary>Muted colours, noise in three sizes and sometimes a faint pattern: what the camera passes over.</summary>
    /// <remarks>As in photographs, most of the contrast is coarse (spectra of natural pictures fall as 1/f): what a masked autoencoder can learn to fill in.</remarks>
    public static Texture Muted(Random random)
    {
        var hue = random.NextDouble();
        var from = Colour.FromHsv(hue, random.Between(0.1, 0.4), random.Between(0.2, 0.45));
        var to = Colour.FromHsv(hue + random.Between(-0.15, 0.15) + 1, random.Between(0.05, 0.35), random.Between(0.55, 0.85));
        var (coarse, middle, fine) = (new Noise(random, 64), new Noise(random, 20), new Noise(random, 5));
        var pattern = Pattern(random, random.Between(28, 44));
        var weight = random.OneOf(0, 0.15, 0.25);
        return new Texture(
            (x, y) => (weight * pattern(x, y)) + ((1 - weight) * ((0.62 * coarse.At(x, y)) + (0.22 * middle.At(x, y)) + (0.16 * fine.At(x, y)))),
            from,
            to);
    }

    private static Func<double, double, double> Pattern(Random random, double size)
    {
        var (sin, cos) = Math.SinCos(random.Between(0, Math.PI));
        var (shiftX, shiftY) = (random.Between(0, size), random.Between(0, size));
        double Along(double x, double y) => ((x * cos) + (y * sin) + shiftX) / size;
        double Across(double x, double y) => ((y * cos) - (x * sin) + shiftY) / size;
        var noise = new Noise(random, size * 0.7);
        return random.Next(4) switch
        {
            0 => (x, y) => Edge(Wave(Along(x, y))),
            1 => (x, y) => Edge(Wave(Along(x, y)) * Wave(Across(x, y)) * 2),
            2 => (x, y) => Edge(Wave(Along(x, y)) + Wave(Across(x, y)) - 0.8),
            _ => (x, y) => Edge((noise.At(x, y) * 3) - 1.5),
        };
    }

    private static double Wave(double turns) => Math.Sin(turns * Math.Tau);

    /// <summary>A step from 0 to 1 that is soft enough to be sampled.</summary>
    private static double Edge(double value) => Math.Clamp(0.5 + (value * 1.4), 0, 1);
}
