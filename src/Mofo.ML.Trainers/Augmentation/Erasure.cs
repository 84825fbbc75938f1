using Mofo.ML.Transforms.Clips;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>A rectangle of a clip that becomes standard normal noise, drawn again for every frame and channel.</summary>
/// <param name="Window">The rectangle.</param>
/// <param name="Seed">Of the noise: the same wherever the clip is.</param>
internal readonly record struct Erasure(CropWindow Window, ulong Seed)
{
    /// <summary>Noise into the rectangle of every frame and channel of a clip, [C,T,H,W].</summary>
    public void Fill(Span<float> clip, ClipShape shape) => Fill(clip, shape, Window);

    /// <summary>The same noise alone, [C,T,h,w].</summary>
    public float[] Noise(ClipShape shape)
    {
        var alone = shape with { Height = Window.Height, Width = Window.Width };
        var values = new float[alone.Length];
        Fill(values, alone, new(0, 0, Window.Width, Window.Height));
        return values;
    }

    private unsafe void Fill(Span<float> clip, ClipShape shape, CropWindow window)
    {
        var noise = new RNG(Seed);
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
