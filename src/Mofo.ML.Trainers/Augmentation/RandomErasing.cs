using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Noise instead of a random rectangle, the same in every frame (Zhong et al. 2017, timm's `pixel` mode).</summary>
/// <remarks>Acts on normalised values, where noise of mean 0 and deviation 1 looks like an average picture. Boxes stay: the motion is there, hidden.</remarks>
internal sealed class RandomErasing(double probability = 0.25)
{
    private const int Tries = 100;
    private const double MinArea = 0.02;
    private const double MaxArea = 1.0 / 3;
    private static readonly double MostLogAspect = Math.Log(1 / 0.3);

    /// <summary>What is erased, with the given probability; null for nothing.</summary>
    public Erasure? Draw(ClipShape shape, Random random) =>
        random.Chance(probability) && Rectangle(shape, random) is { } rectangle ? new Erasure(rectangle, (ulong)random.NextInt64()) : null;

    /// <summary>Height and width of a rectangle of this part of the frame's area and this logarithm of height over width.</summary>
    public static (int Height, int Width) SizeOf(double areaFraction, double logAspect, int frameHeight, int frameWidth)
    {
        var area = areaFraction * frameHeight * frameWidth;
        var aspect = Math.Exp(logAspect);
        return ((int)Math.Round(Math.Sqrt(area * aspect)), (int)Math.Round(Math.Sqrt(area / aspect)));
    }

    private static CropWindow? Rectangle(ClipShape shape, Random random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = random.Uniform(MinArea, MaxArea);
            var (height, width) = SizeOf(area, random.Uniform(-MostLogAspect, MostLogAspect), shape.Height, shape.Width);
            if (width < shape.Width && height < shape.Height)
            {
                var top = random.Next(shape.Height - height + 1);
                return new(random.Next(shape.Width - width + 1), top, width, height);
            }
        }

        return null;
    }
}
