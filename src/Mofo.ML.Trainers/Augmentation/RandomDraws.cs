namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Distributions that <see cref="Random"/> does not have.</summary>
internal static class RandomDraws
{
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static double Uniform(this Random random, double low, double high) => low + ((high - low) * random.NextDouble());

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public static double Gaussian(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Beta(alpha, alpha): the weight of the first partner in mixup.</summary>
    public static double Beta(this Random random, double alpha)
    {
        var first = random.Gamma(alpha);
        var sum = first + random.Gamma(alpha);
        return sum > 0 ? first / sum : 0.5; // both underflow for tiny alpha only
    }

    /// <summary>Gamma with unit scale (Marsaglia and Tsang 2000).</summary>
    private static double Gamma(this Random random, double shape)
    {
        if (shape < 1)
        {
            return random.Gamma(shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.Gaussian();
            var v = 1 + (c * x);
            v = v * v * v;
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }
}
