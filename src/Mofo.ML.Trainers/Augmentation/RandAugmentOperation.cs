using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>One operation of RandAugment: how magnitude becomes its argument, and what the argument does to a clip.</summary>
/// <param name="Name">The name in timm's list.</param>
/// <param name="Argument">Magnitude 0 to 10 to argument.</param>
/// <param name="Signed">Whether the part of the argument that differs from <paramref name="Neutral"/> changes sign at random.</param>
/// <param name="Neutral">The argument that changes nothing.</param>
/// <param name="Run">Clip and argument to clip; takes the clip over.</param>
internal sealed record RandAugmentOperation(string Name, Func<double, double> Argument, bool Signed, double Neutral, Func<Clip, double, Clip> Run)
{
    private const double MaxLevel = 10;

    /// <summary>The 15 operations in the order of the original's list.</summary>
    public static IReadOnlyList<RandAugmentOperation> All(bool increasing) =>
    [
        Plain("auto_contrast", _ => 0, (clip, _) => ToneOperations.AutoContrast(clip)),
        Plain("equalize", _ => 0, (clip, _) => ToneOperations.Equalize(clip)),
        Plain("invert", _ => 0, (clip, _) => PointOperations.Invert(clip)),
        Geometric("rotate", level => level * 30, (clip, degrees) => AffineMotion.Rotation(degrees, clip.Width, clip.Height)),
        Plain("posterize", level => increasing ? 4 - (int)(level * 4) : (int)(level * 4), (clip, bits) => PointOperations.Posterize(clip, (int)bits)),
        Plain("solarize", level => increasing ? 256 - (int)(level * 256) : (int)(level * 256), (clip, threshold) => PointOperations.Solarize(clip, (int)threshold)),
        Plain("solarize_add", level => (int)(level * 110), (clip, amount) => PointOperations.SolarizeAdd(clip, (int)amount)),
        Enhancing("color", ToneOperations.Color, increasing),
        Enhancing("contrast", ToneOperations.Contrast, increasing),
        Enhancing("brightness", ToneOperations.Brightness, increasing),
        Enhancing("sharpness", ToneOperations.Sharpness, increasing),
        Geometric("shear_x", level => level * 0.3, (_, factor) => AffineMotion.ShearX(factor)),
        Geometric("shear_y", level => level * 0.3, (_, factor) => AffineMotion.ShearY(factor)),
        // Whole pixels, so that nothing is interpolated and the picture stays sharp.
        Geometric("translate_x_rel", level => level * 0.45, (clip, part) => AffineMotion.Translation(Math.Round(-part * clip.Width), 0)),
        Geometric("translate_y_rel", level => level * 0.45, (clip, part) => AffineMotion.Translation(0, Math.Round(-part * clip.Height))),
    ];

    /// <summary>The argument with its other sign.</summary>
    public double Mirrored(double argument) => Neutral - (argument - Neutral);

    public Clip Apply(Clip clip, double magnitude, Random random)
    {
        var argument = Argument(magnitude);
        return Run(clip, Signed && random.Chance(0.5) ? Mirrored(argument) : argument);
    }

    private static RandAugmentOperation Plain(string name, Func<double, double> argument, Func<Clip, double, Clip> run) =>
        new(name, magnitude => argument(magnitude / MaxLevel), Signed: false, Neutral: 0, run);

    private static RandAugmentOperation Geometric(string name, Func<double, double> argument, Func<Clip, double, AffineMotion> motion) =>
        new(name, magnitude => argument(magnitude / MaxLevel), Signed: true, Neutral: 0, (clip, value) => motion(clip, value).Apply(clip));

    /// <summary>Factor 1 changes nothing; without `inc` the factor rises from 0.1 to 1.9, so the middle is weakest.</summary>
    private static RandAugmentOperation Enhancing(string name, Func<Clip, double, Clip> run, bool increasing) => increasing
        ? new(name, magnitude => 1 + (magnitude / MaxLevel * 0.9), Signed: true, Neutral: 1, run)
        : new(name, magnitude => (magnitude / MaxLevel * 1.8) + 0.1, Signed: false, Neutral: 1, run);
}
