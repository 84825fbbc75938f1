using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Augmentation;

public class MixupTests
{
    private static readonly MotionBox Left = new(0, 0, 10, 20);
    private static readonly MotionBox Right = new(30, 10, 40, 40);

    [Theory]
    [InlineData(0.5, true, true)]
    [InlineData(0.25, true, true)]
    [InlineData(0.2, false, true)]
    [InlineData(0.8, true, false)]
    public void A_blended_clips_box_is_round_the_partners_that_can_be_seen(double share, bool own, bool other)
    {
        var box = new Mixup(share, null).MixBoxes([[Left], [Right]])[0][0];
        Assert.Equal((own ? Left : MotionBox.Empty).Union(other ? Right : MotionBox.Empty), box);
    }

    [Fact]
    public void A_cut_clips_box_is_round_what_is_left_and_what_is_brought()
    {
        var mix = new Mixup(0.5, new CropWindow(20, 0, 20, 20)); // the right half's upper part
        var boxes = mix.MixBoxes([[Left], [Right]]);
        Assert.Equal(Left.Union(new(30, 10, 40, 20)), boxes[0][0]); // own untouched, of the partner's the covered part
        Assert.Equal(new(30, 20, 40, 40), boxes[1][0]); // own less the covered part, nothing of the partner's
    }

    [Fact]
    public void A_box_that_the_cut_covers_is_gone_and_one_bitten_in_the_middle_stays()
    {
        var cut = new CropWindow(10, 10, 20, 20);
        Assert.True(new Mixup(0.5, cut).MixBoxes([[new(12, 12, 20, 20)], [MotionBox.Empty]])[0][0].IsEmpty);
        Assert.Equal(new(0, 0, 40, 40), new Mixup(0.5, cut).MixBoxes([[new(0, 0, 40, 40)], [MotionBox.Empty]])[0][0]);
    }

    [Fact]
    public void The_middle_clip_of_an_odd_batch_stays_as_it_is()
    {
        var shape = new ClipShape(1, 1, 1, 2);
        float[] batch = [0, 0, 5, 5, 8, 8];
        var mix = new Mixup(0.75, null);
        mix.MixPixels(3, clip => batch.AsSpan(clip * shape.Length, shape.Length), shape);
        Assert.Equal([2, 2, 5, 5, 6, 6], batch);
        Assert.Equal([0.75f, 0, 0.25f, 0, 1, 0, 0.25f, 0, 0.75f], mix.Targets([0, 1, 2], 3, 0));
        Assert.Equal(Left, mix.MixBoxes([[Right], [Left], [Right]])[1][0]);
    }

    [Fact]
    public void Draws_switch_between_blending_and_cutting_and_shares_average_a_half()
    {
        var random = new Random(1);
        var draws = Enumerable.Range(0, 4000).Select(_ => Mixup.Draw(new(), 224, 224, random)).ToArray();
        Assert.InRange(draws.Count(d => d.Cut is not null), 1800, 2200);

        // Beta(0.8, 0.8): mean 1/2, variance 1/(4 * 2.6).
        var shares = draws.Where(d => d.Cut is null).Select(d => d.Share).ToArray();
        Assert.Equal(0.5, shares.Average(), 0.03);
        Assert.Equal(1 / 10.4, shares.Average(s => (s - 0.5) * (s - 0.5)), 0.01);
    }

    [Fact]
    public void Switched_off_it_changes_nothing_but_smooths_labels()
    {
        var off = new MixupOptions { MixupAlpha = 0, CutmixAlpha = 0 };
        var mix = Mixup.Draw(off, 8, 8, new Random(1));
        Assert.Equal(Mixup.None, mix);
        Assert.Equal([0.925f, 0.025f, 0.025f, 0.025f], mix.Targets([0], 4, 0.1), (e, a) => Math.Abs(e - a) < 1e-6f);
        Assert.Equal([Left], mix.MixBoxes([[Left], [Right]])[0]);
    }
}
