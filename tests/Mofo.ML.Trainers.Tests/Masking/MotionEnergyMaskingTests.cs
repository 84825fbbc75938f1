using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Masking;

public sealed class MotionEnergyMaskingTests
{
    private static readonly PatchGrid Grid = new(6, 6, 8);

    [Property(MaxTest = 50)]
    public void Energy_is_the_mean_difference_of_neighbouring_frames_between_the_smallest_and_the_largest(byte seed, PositiveInt frames)
    {
        using var clip = Noise(1 + (frames.Get % 6), seed);
        var expected = new double[Grid.Cells];
        for (var t = 1; t < clip.Length; t++)
        {
            for (var i = 0; i < clip.FrameBytes; i++)
            {
                var (x, y) = (i / 3 % 48, i / 3 / 48);
                expected[(y / 8 * 6) + (x / 8)] += Math.Abs(clip.Frame(t)[i] - clip.Frame(t - 1)[i]);
            }
        }

        var (smallest, largest) = (expected.Min(), expected.Max());
        var energy = MotionEnergyMasking.Energy(Grid, clip);
        Assert.All(energy.Zip(expected), pair => Assert.Equal(largest == 0 ? 0 : (pair.Second - smallest) / largest, pair.First, 1e-12));
        Assert.All(energy, e => Assert.InRange(e, 0, 1));
    }

    [Fact]
    public void A_thing_that_moves_has_the_energy_and_a_picture_that_stands_none()
    {
        using var moving = MovingSquare();
        var energy = MotionEnergyMasking.Energy(Grid, moving);
        Assert.Equal([14, 15, 16], Enumerable.Range(0, Grid.Cells).Where(cell => energy[cell] > 0.3));
        Assert.Equal(0, energy[0]);

        using var still = new Clip(4, 48, 48);
        new Random(1).NextBytes(still.Frame(0));
        for (var t = 1; t < 4; t++)
        {
            still.Frame(0).CopyTo(still.Frame(t));
        }

        Assert.All(MotionEnergyMasking.Energy(Grid, still), e => Assert.Equal(0, e));
    }

    [Fact]
    public void Noise_everywhere_gives_an_almost_even_draw()
    {
        using var clip = Noise(8, seed: 3);
        Assert.InRange(MotionEnergyMasking.Energy(Grid, clip).Max(), 0, 0.1);
    }

    [Property(MaxTest = 100)]
    public void Every_mask_hides_exactly_the_share_asked_for_and_repeats_with_its_seed(byte seed, byte ratio)
    {
        var share = ratio / 256.0;
        using var clip = Noise(3, seed);
        var masking = new MotionEnergyMasking(share, 0.2);
        var mask = masking.Draw(Grid, clip, new Random(seed));
        Assert.Equal(PatchGrid.Share(share, Grid.Cells), mask.Masked.Length);
        Assert.Equal(mask.Masked.ToArray(), masking.Draw(Grid, clip, new Random(seed)).Masked.ToArray());
    }

    [Fact]
    public void What_moves_is_hidden_more_often_and_the_more_the_lower_the_temperature()
    {
        using var clip = MovingSquare();
        var (hot, cold) = (HiddenShare(clip, 100), HiddenShare(clip, 0.1));
        Assert.InRange(hot, 0.42, 0.58); // as any other tube
        Assert.InRange(cold, 0.95, 1);
    }

    [Fact]
    public void The_options_choose_what_counts_as_motion()
    {
        var options = new MofoPretrainingOptions { MotionTemperature = 0.5 };
        _ = Assert.IsType<MotionWeightedMasking>(PretrainingClips.MaskingOf(options));
        options.MaskingMotion = MaskingMotion.FrameDifferences;
        options.Validate();
        _ = Assert.IsType<MotionEnergyMasking>(PretrainingClips.MaskingOf(options));

        options.MotionTemperature = null;
        Assert.Equal(["MaskingMotion is FrameDifferences; there must then be a MotionTemperature."], Assert.Throws<MofoOptionsException>(options.Validate).Problems);
        options.MaskingMotion = (MaskingMotion)9;
        Assert.Contains("MaskingMotion is 9", Assert.Throws<MofoOptionsException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MaskingMotion.Boxes)]
    [InlineData(MaskingMotion.FrameDifferences)]
    public void A_pretraining_clip_is_masked_by_its_own_motion(MaskingMotion motion)
    {
        var options = new MofoPretrainingOptions { Model = VitConfig.Micro, MaskRatio = 0.5, MotionTemperature = 0.05, MaskingMotion = motion };
        options.Validate();
        using var clip = MovingSquare();
        Array.Fill(clip.Boxes, new MotionBox(16, 16, 40, 24));
        using var prepared = PretrainingClips.Prepare("square", clip, PretrainingClips.MaskingOf(options), options.Model, new Random(1));
        Assert.Equal(18, prepared.Mask.Masked.Length);
        Assert.Subset(prepared.Mask.Masked.ToArray().ToHashSet(), new HashSet<int> { 14, 15, 16 });
    }

    [Theory]
    [InlineData(nameof(VitConfig.Base), 0.9, 176)]
    [InlineData(nameof(VitConfig.Tiny), 0.6, 29)]
    [InlineData(nameof(VitConfig.Micro), 0.5, 18)]
    public void The_suited_ratio_leaves_as_many_tubes_visible_as_VideoMAE_but_hides_half(string preset, double ratio, int hidden)
    {
        var config = (VitConfig)typeof(VitConfig).GetProperty(preset)!.GetValue(null)!;
        var suited = MofoPretrainingOptions.SuitedMaskRatio(config);
        Assert.Equal(ratio, suited, 1e-12);
        Assert.Equal(hidden, PatchGrid.Share(suited, config.Grid.Cells));
        new MofoPretrainingOptions { Model = config, MaskRatio = suited }.Validate();
    }

    [Property]
    public void The_suited_ratio_stays_within_its_range_and_grows_with_the_grid(PositiveInt side)
    {
        var cells = side.Get * side.Get;
        Assert.InRange(MaskRatios.Suited(cells), 0.5, 0.9);
        Assert.True(MaskRatios.Suited(cells + 1) >= MaskRatios.Suited(cells));
    }

    [Fact]
    public void No_ratio_suits_a_model_that_cannot_be()
    {
        Assert.Throws<MofoOptionsException>(() => MofoPretrainingOptions.SuitedMaskRatio(VitConfig.Tiny with { PatchSize = 0 }));
        Assert.Throws<ArgumentNullException>(() => MofoPretrainingOptions.SuitedMaskRatio(null!));
    }

    /// <summary>Mean share of draws in which the three cells of the square's way are hidden; half of all tubes are.</summary>
    private static double HiddenShare(Clip clip, double temperature)
    {
        const int Draws = 500;
        var masking = new MotionEnergyMasking(0.5, temperature);
        var random = new Random(2);
        return Enumerable.Range(0, Draws).Average(_ => masking.Draw(Grid, clip, random).Masked.ToArray().Count(cell => cell is 14 or 15 or 16) / 3.0);
    }

    /// <summary>A white square of one patch that moves from cell 14 over 15 to 16 on black, 8 frames.</summary>
    private static Clip MovingSquare()
    {
        var clip = new Clip(8, 48, 48);
        clip.Pixels.Clear();
        for (var t = 0; t < 8; t++)
        {
            var left = 16 + (t * 16 / 7);
            for (var y = 16; y < 24; y++)
            {
                clip.Frame(t).Slice(((y * 48) + left) * 3, 8 * 3).Fill(255);
            }
        }

        return clip;
    }

    private static Clip Noise(int frames, int seed)
    {
        var clip = new Clip(frames, 48, 48);
        new Random(seed).NextBytes(clip.Pixels);
        return clip;
    }
}
