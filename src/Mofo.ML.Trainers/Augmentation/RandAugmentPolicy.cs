using System.Globalization;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>What to draw in RandAugment, as its configuration text says: `rand-m7-n4-mstd0.5-inc1`.</summary>
/// <param name="Layers">`n`: operations per clip, drawn with replacement.</param>
/// <param name="Magnitude">`m`: mean magnitude, 0 to 10.</param>
/// <param name="Deviation">`mstd`: standard deviation of the magnitude; infinity draws evenly from 0 to `m`.</param>
/// <param name="Increasing">`inc`: whether every operation gets stronger with its magnitude.</param>
/// <param name="Probability">`p`: chance that a drawn operation is carried out.</param>
internal sealed record RandAugmentPolicy(int Layers = 2, double Magnitude = 10, double Deviation = 0, bool Increasing = false, double Probability = 0.5)
{
    // A deviation from here on stands for "uniform" in the configuration texts.
    private const double UniformFrom = 100;

    /// <summary>The policy of the original's finetuning.</summary>
    public static RandAugmentPolicy Default { get; } = Parse("rand-m7-n4-mstd0.5-inc1");

    /// <exception cref="FormatException">The text is no such configuration; the message names the part.</exception>
    public static RandAugmentPolicy Parse(string configuration)
    {
        var parts = configuration.Split('-');
        if (parts[0] != "rand")
        {
            throw new FormatException($"RandAugment configuration '{configuration}' starts with '{parts[0]}'; expected 'rand'.");
        }

        var policy = new RandAugmentPolicy();
        foreach (var part in parts.AsSpan(1))
        {
            var digits = part.AsSpan().IndexOfAnyInRange('0', '9');
            var key = digits < 0 ? part : part[..digits];
            var text = digits < 0 ? "" : part[digits..];
            policy = key switch
            {
                "n" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var layers) => policy with { Layers = layers },
                "m" when TryParse(text, out var magnitude) && magnitude <= 10 => policy with { Magnitude = magnitude },
                "mstd" when TryParse(text, out var deviation) => policy with { Deviation = deviation >= UniformFrom ? double.PositiveInfinity : deviation },
                "p" when TryParse(text, out var probability) && probability <= 1 => policy with { Probability = probability },
                "inc" when text is "0" or "1" => policy with { Increasing = text == "1" },
                _ => throw new FormatException($"RandAugment configuration '{configuration}' has '{part}'; expected m0 to m10, n<count>, mstd<number>, p0 to p1, inc0 or inc1."),
            };
        }

        return policy;
    }

    // Without thousands separators: "0,5" is refused, never read as 5.
    private static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    /// <summary>The magnitude of one operation, 0 to 10.</summary>
    public double Draw(Random random)
    {
        var drawn = double.IsPositiveInfinity(Deviation) ? random.Uniform(0, Magnitude) : Magnitude + (Deviation * random.Gaussian());
        return Math.Clamp(drawn, 0, 10);
    }
}
