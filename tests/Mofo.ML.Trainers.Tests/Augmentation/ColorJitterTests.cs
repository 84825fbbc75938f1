using FsCheck.Xunit;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Augmentation;

public sealed class ColorJitterTests
{
    [Property(MaxTest = 100)]
    public void Equal_frames_stay_equal_and_boxes_stay(int seed)
    {
        foreach (var step in new IClipStep[] { new ColorJitter(0.4), new RandomGray(0.5) })
        {
            using var before = Noise();
            using var after = step.Apply(before.Copy(), new Random(seed));
            Assert.Equal((before.Length, before.Width, before.Height), (after.Length, after.Width, after.Height));
            Assert.True(after.Frame(0).SequenceEqual(after.Frame(1)) && after.Frame(0).SequenceEqual(after.Frame(2)));
            Assert.Equal(before.Boxes, after.Boxes);
        }
    }

    [Fact]
    public void Brightness_follows_the_strength()
    {
        // A grey picture has no contrast and no saturation: only the brightness changes, by at most the strength.
        var means = Enumerable.Range(0, 200).Select(seed =>
        {
            using var clip = new Clip(1, 4, 4);
            clip.Pixels.Fill(100);
            using var after = new ColorJitter(0.4).Apply(clip, new Random(seed));
            return after.Pixels[0];
        }).ToArray();
        Assert.All(means, mean => Assert.InRange(mean, 59, 141));
        Assert.True(means.Min() < 65 && means.Max() > 135, $"{means.Min()} to {means.Max()}");
    }

    [Fact]
    public void The_seed_repeats_a_draw_and_another_seed_gives_another()
    {
        using var clip = Noise();
        Assert.Equal(Jittered(1), Jittered(1));
        Assert.NotEqual(Jittered(1), Jittered(2));

        byte[] Jittered(int seed)
        {
            using var after = new ColorJitter(0.4).Apply(clip.Copy(), new Random(seed));
            return after.Pixels.ToArray();
        }
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.2, 200)]
    [InlineData(1.0, 1000)]
    public void So_many_clips_of_a_thousand_become_grey(double probability, int expected)
    {
        var random = new Random(3);
        var grey = Enumerable.Range(0, 1000).Count(_ =>
        {
            using var clip = new Clip(1, 1, 1);
            clip.Pixels[0] = 200;
            using var after = new RandomGray(probability).Apply(clip, random);
            return after.Pixels[0] == after.Pixels[1] && after.Pixels[1] == after.Pixels[2];
        });
        Assert.InRange(grey, expected - 40, expected + 40); // three standard deviations of a binomial count are 38
    }

    [Fact]
    public void Finetuning_clips_change_where_the_options_say_so()
    {
        var plain = Load(_ => { });
        Assert.Equal(plain, Load(_ => { }));
        Assert.NotEqual(plain, Load(o => o.ColorJitter = 0.4));
        var grey = Load(o => o.GrayProbability = 1);
        var plane = grey.Length / 3;

        // The channels of a grey picture differ by mean and deviation of the normalisation alone.
        for (var i = 0; i < plane; i++)
        {
            var red = (grey[i] * ClipTensor.StandardDeviation[0]) + ClipTensor.Mean[0];
            var blue = (grey[(2 * plane) + i] * ClipTensor.StandardDeviation[2]) + ClipTensor.Mean[2];
            Assert.Equal(red, blue, 1e-5f);
        }
    }

    private static float[] Load(Action<MofoFinetuningOptions> change)
    {
        var options = new MofoFinetuningOptions
        {
            Model = new VitConfig { ImageSize = 32, Frames = 4 },
            RandAugment = null,
            RandomErasing = 0,
            ClipsPerVideo = 1,
        };
        change(options);
        var rows = new[] { new TrainingRow(new ClipSource("noise.mp4", default), 0) };
        var clip = new FinetuningClips(rows, options, new NoiseSource()).Load(new ClipOrder(0, 0), new Random(5), CancellationToken.None)[0];
        using (clip)
        {
            return ((PixelBuffer)clip.Pixels).Values.ToArray();
        }
    }

    /// <summary>Three equal frames of noise with a box.</summary>
    private static Clip Noise(int frames = 3)
    {
        var clip = new Clip(frames, 40, 30);
        new Random(1).NextBytes(clip.Frame(0));
        for (var i = 0; i < frames; i++)
        {
            clip.Frame(0).CopyTo(clip.Frame(i));
            clip.Boxes[i] = new MotionBox(1, 2, 3, 4);
        }

        return clip;
    }

    private sealed class NoiseSource : IClipSource
    {
        public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample) => Array.ConvertAll(sample(20), indices => Noise(indices.Length));
    }
}
