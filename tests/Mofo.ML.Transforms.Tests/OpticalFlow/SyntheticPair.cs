namespace Mofo.ML.Transforms.Tests.OpticalFlow;

/// <summary>Two grey pictures of a smooth random texture, the second one moved by a known, possibly fractional, amount.</summary>
internal static class SyntheticPair
{
    public static (byte[] From, byte[] To) Translated(int width, int height, double x, double y, int seed = 5)
    {
        var random = new Random(seed);
        var waves = Enumerable.Range(0, 24)
            .Select(_ => (U: (random.NextDouble() - 0.5) * 0.5, V: (random.NextDouble() - 0.5) * 0.5, Phase: random.NextDouble() * 7)).ToArray();

        byte At(double px, double py) => (byte)Math.Round(128 + (14 * waves.Sum(w => Math.Sin((w.U * px) + (w.V * py) + w.Phase))) is var v ? Math.Clamp(v, 0, 255) : 0);
        byte[] Render(double dx, double dy) => [.. Enumerable.Range(0, width * height).Select(i => At((i % width) - dx, (i / width) - dy))];
        return (Render(0, 0), Render(x, y));
    }
}
