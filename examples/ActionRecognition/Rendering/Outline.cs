using OpenCvSharp;

namespace ActionRecognition.Rendering;

/// <summary>The closed outlines that things may have, inside the unit circle round the origin.</summary>
internal static class Outline
{
    public static Point2d[] Draw(Random random) => random.Next(6) switch
    {
        0 => Round(1, random.Between(0.7, 1)),
        1 => Box(random.Between(0.55, 1)),
        2 => Corners(3, 1),
        3 => Corners(6, 1),
        4 => Corners(10, random.Between(0.5, 0.65)),
        _ => Corners(8, random.Between(0.6, 0.75)),
    };

    private static Point2d[] Round(double width, double height) => Ring(48, i => (width * Math.Cos(i), height * Math.Sin(i)));

    private static Point2d[] Box(double aspect)
    {
        var (halfWidth, halfHeight) = (1 / Math.Sqrt(1 + (aspect * aspect)), aspect / Math.Sqrt(1 + (aspect * aspect)));
        return [new(-halfWidth, -halfHeight), new(halfWidth, -halfHeight), new(halfWidth, halfHeight), new(-halfWidth, halfHeight)];
    }

    /// <summary>Corners on the circle; every second one pulled in to <paramref name="inner"/>, which makes a star.</summary>
    private static Point2d[] Corners(int count, double inner)
    {
        var corner = 0;
        return Ring(count, i =>
        {
            var radius = corner++ % 2 == 0 ? 1 : inner;
            return (radius * Math.Sin(i), -radius * Math.Cos(i));
        });
    }

    private static Point2d[] Ring(int count, Func<double, (double X, double Y)> at) =>
        [.. Enumerable.Range(0, count).Select(i => at(Math.Tau * i / count)).Select(p => new Point2d(p.X, p.Y))];
}
