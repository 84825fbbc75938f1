using Mofo.ML.Trainers.Augmentation;

namespace Mofo.ML.Trainers.Tests.Augmentation;

public class RandomErasingTests
{
    private static readonly ClipShape Shape = new(3, 2, 40, 50);

    [Fact]
    public void The_same_rectangle_goes_in_every_frame_and_channel_with_new_noise()
    {
        var clip = Erase(new RandomErasing(1), seed: 3);
        var plane = Shape.Height * Shape.Width;
        var erased = Enumerable.Range(0, plane).Where(i => clip[i] != 0).ToArray();
        var (top, bottom) = (erased.Min() / 50, erased.Max() / 50);
        var (left, right) = (erased.Min(i => i % 50), erased.Max(i => i % 50));
        Assert.Equal((bottom - top + 1) * (right - left + 1), erased.Length);
        Assert.InRange(erased.Length / (double)plane, 0.01, 0.4);
        for (var p = 1; p < 6; p++)
        {
            Assert.Equal(erased, Enumerable.Range(0, plane).Where(i => clip[(p * plane) + i] != 0));
            Assert.NotEqual(clip[erased[0]], clip[(p * plane) + erased[0]]);
        }
    }

    [Fact]
    public void About_a_quarter_of_the_clips_is_erased()
    {
        var erasing = new RandomErasing();
        Assert.InRange(Enumerable.Range(0, 2000).Count(seed => Array.Exists(Erase(erasing, seed), v => v != 0)), 440, 560);
    }

    [Fact]
    public void Noise_is_standard_normal()
    {
        var shape = new ClipShape(3, 16, 64, 64);
        var clip = new float[shape.Length];
        new RandomErasing(1).Draw(shape, new Random(1))?.Fill(clip, shape);
        var noise = clip.Where(v => v != 0).ToArray();
        Assert.InRange(noise.Length, 4000, 65000);
        Assert.Equal(0, noise.Average(), 0.05);
        Assert.Equal(1, noise.Average(v => v * v), 0.05);
        Assert.Equal(3, noise.Average(v => (double)v * v * v * v), 0.4);
        Assert.InRange(noise.Distinct().Count(), noise.Length * 0.99, noise.Length);
    }

    private static float[] Erase(RandomErasing erasing, int seed)
    {
        var clip = new float[Shape.Length];
        erasing.Draw(Shape, new Random(seed))?.Fill(clip, Shape);
        return clip;
    }
}
