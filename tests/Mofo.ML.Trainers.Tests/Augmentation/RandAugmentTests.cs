using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Augmentation;

public class RandAugmentTests
{
    [Fact]
    public void Configurations_are_read_part_by_part()
    {
        Assert.Equal(new RandAugmentPolicy(4, 7, 0.5, true), RandAugmentPolicy.Parse("rand-m7-n4-mstd0.5-inc1"));
        Assert.Equal(new RandAugmentPolicy(2, 9, double.PositiveInfinity, false, 0.7), RandAugmentPolicy.Parse("rand-m9-mstd101-inc0-p0.7"));
        Assert.Equal(new RandAugmentPolicy(), RandAugmentPolicy.Parse("rand"));
    }

    [Theory]
    [InlineData("augmix-m3", "starts with 'augmix'")]
    [InlineData("rand-m11", "has 'm11'")]
    [InlineData("rand-w0", "has 'w0'")]
    [InlineData("rand-inc2", "has 'inc2'")]
    [InlineData("rand-m7-", "has ''")]
    [InlineData("rand-m7,5", "has 'm7,5'")]
    [InlineData("rand-mstd0,5", "has 'mstd0,5'")]
    public void A_wrong_part_is_named(string configuration, string part) =>
        Assert.Contains(part, Assert.Throws<FormatException>(() => RandAugmentPolicy.Parse(configuration)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_operation_treats_equal_frames_alike_and_keeps_their_number_and_size()
    {
        foreach (var operation in RandAugmentOperation.All(true))
        {
            using var clip = operation.Apply(Noise(frames: 3, sameFrames: true), 7, new Random(1));
            Assert.Equal((3, 33, 21), (clip.Length, clip.Width, clip.Height));
            Assert.True(clip.Frame(0).SequenceEqual(clip.Frame(2)), operation.Name);
        }
    }

    [Theory]
    [InlineData("rotate", 0)]
    [InlineData("shear_x", 0)]
    [InlineData("shear_y", 0)]
    [InlineData("translate_x_rel", 0)]
    [InlineData("translate_y_rel", 0)]
    [InlineData("color", 1)]
    [InlineData("contrast", 1)]
    [InlineData("brightness", 1)]
    [InlineData("sharpness", 1)]
    [InlineData("posterize", 8)]
    [InlineData("solarize", 256)]
    [InlineData("solarize_add", 0)]
    public void The_neutral_argument_changes_nothing(string name, double neutral)
    {
        var operation = RandAugmentOperation.All(true).Single(o => o.Name == name);
        using var before = Noise();
        using var after = operation.Run(before.Copy(), neutral);
        Assert.All(before.Pixels.ToArray().Zip(after.Pixels.ToArray()), p => Assert.InRange(p.Second - p.First, -1, 1));
    }

    [Fact]
    public void Tone_operations_do_what_their_factor_says()
    {
        // 2x1 frame: (200, 100, 0) and (20, 40, 60), luma 118.5 and 36.3.
        static byte[] Run(Func<Clip, Clip> operation)
        {
            var clip = new Clip(1, 2, 1);
            byte[] pixels = [200, 100, 0, 20, 40, 60];
            pixels.CopyTo(clip.Pixels);
            using var result = operation(clip);
            return result.Pixels.ToArray();
        }

        static void Near(byte[] expected, byte[] actual) => Assert.All(expected.Zip(actual), p => Assert.InRange(p.Second - p.First, -1, 1));

        Assert.Equal([55, 155, 255, 235, 215, 195], Run(PointOperations.Invert));
        Assert.Equal([192, 64, 0, 0, 0, 0], Run(c => PointOperations.Posterize(c, 2)));
        Assert.Equal([55, 155, 0, 20, 40, 60], Run(c => PointOperations.Solarize(c, 77)));
        Assert.Equal([200, 177, 77, 97, 117, 137], Run(c => PointOperations.SolarizeAdd(c, 77)));
        Near([118, 118, 118, 36, 36, 36], Run(c => ToneOperations.Color(c, 0)));
        Near([77, 77, 77, 77, 77, 77], Run(c => ToneOperations.Contrast(c, 0)));
        Near([100, 50, 0, 10, 20, 30], Run(c => ToneOperations.Brightness(c, 0.5)));
        Near([255, 150, 0, 30, 60, 90], Run(c => ToneOperations.Brightness(c, 1.5)));
        Near([255, 255, 0, 0, 0, 255], Run(ToneOperations.AutoContrast));
    }

    [Fact]
    public void Sharpness_zero_smooths_the_inside_and_leaves_the_border()
    {
        var clip = new Clip(1, 5, 5);
        clip.Pixels.Clear();
        clip.Frame(0).Slice(((2 * 5) + 2) * 3, 3).Fill(130); // the middle
        clip.Frame(0)[..3].Fill(130); // a corner
        using var smooth = ToneOperations.Sharpness(clip, 0);
        var red = Enumerable.Range(0, 25).Select(i => (int)smooth.Pixels[i * 3]).ToArray();
        Assert.Equal([130, 0, 0, 0, 0, /**/ 0, 20, 10, 10, 0, /**/ 0, 10, 50, 10, 0, /**/ 0, 10, 10, 10, 0, /**/ 0, 0, 0, 0, 0], red);
    }

    [Fact]
    public void Equalized_values_spread_over_the_whole_range()
    {
        var clip = new Clip(1, 64, 64);
        for (var i = 0; i < clip.Pixels.Length; i++)
        {
            clip.Pixels[i] = (byte)(100 + (i / 3 % 16)); // 16 equally frequent values
        }

        using var equal = ToneOperations.Equalize(clip);
        var values = equal.Pixels.ToArray().Distinct().Order().ToArray();
        Assert.Equal(16, values.Length);
        Assert.Equal(0, values[0]);
        Assert.Equal(255, values[^1]);
    }

    [Fact]
    public void A_flat_frame_survives_histogram_operations()
    {
        using var flat = new Clip(1, 8, 8);
        flat.Pixels.Fill(90);
        using var stretched = ToneOperations.AutoContrast(flat.Copy());
        using var equal = ToneOperations.Equalize(flat.Copy());
        Assert.True(flat.Pixels.SequenceEqual(stretched.Pixels));
        Assert.True(flat.Pixels.SequenceEqual(equal.Pixels));
    }

    [Fact]
    public void Same_draws_give_the_same_clip_and_other_draws_another()
    {
        var augment = new RandAugment(RandAugmentPolicy.Default);
        byte[] Run(int seed)
        {
            using var clip = augment.Apply(Noise(), new Random(seed));
            return clip.Pixels.ToArray();
        }

        Assert.Equal(Run(1), Run(1));
        Assert.True(Enumerable.Range(0, 10).Select(s => Convert.ToHexString(Run(s))).Distinct().Count() > 5);
    }

    private static Clip Noise(int frames = 2, bool sameFrames = false)
    {
        var clip = new Clip(frames, 33, 21);
        new Random(5).NextBytes(clip.Pixels);
        for (var t = 1; sameFrames && t < frames; t++)
        {
            clip.Frame(0).CopyTo(clip.Frame(t));
        }

        return clip;
    }
}
