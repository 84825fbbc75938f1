using Mofo.ML.Transforms.Clips;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Noise in place of a random rectangle, the same in every frame (Zhong et al. 2017, timm's `pixel` mode).</summary>
/// <remarks>Acts on normalised values, where noise of mean 0 and deviation 1 looks like an average picture. Boxes stay: the motion is there, hidden.</remarks>
internal sealed class RandomErasing(double probability = 0.25)
{
    private const int Tries = 100;
    private const double MinArea = 0.02;
    private const double MaxArea = 1.0 / 3;
    private static readonly double MostLogAspect = Math.Log(1 / 0.3);

    /// <summary>Erases in place, with the given probability.</summary>
    public void Apply(Span<float> clip, ClipShape shape, Random random)
    {
        if (!random.Chance(probability) || Rectangle(shape, random) is not { } rectangle)
        {
            return;
        }

        Fill(clip, shape, rectangle, new RNG((ulong)random.NextInt64()));
    }

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

    /// <summary>Standard normal noise into the rectangle of every frame and channel.</summary>
    private static unsafe void Fill(Span<float> clip, ClipShape shape, CropWindow window, RNG noise)
    {
        fixed (float* values = clip)
        {
            for (var plane = 0; plane < shape.Channels * shape.Frames; plane++)
            {
                var start = values + (((plane * shape.Height) + window.Y) * shape.Width) + window.X;
                using var target = Mat.FromPixelData(window.Height, window.Width, MatType.CV_32FC1, (nint)start, shape.Width * sizeof(float));
                noise.Fill(target, DistributionType.Normal, Scalar.All(0), Scalar.All(1));
            }
        }
    }
}
