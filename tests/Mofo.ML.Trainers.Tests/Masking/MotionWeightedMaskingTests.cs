using Mofo.ML.Trainers.Masking;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Masking;

public sealed class MotionWeightedMaskingTests
{
    private const int Draws = 2000;

    private static readonly PatchGrid Grid = new(14, 14, 16);

    [Theory]
    [InlineData(0.9, 176)]
    [InlineData(0.5, 98)]
    [InlineData(0.0, 0)]
    public void Every_mask_hides_exactly_the_share_asked_for(double ratio, int expected)
    {
        var random = new Random(1);
        for (var draw = 0; draw < 50; draw++)
        {
            Assert.Equal(expected, new MotionWeightedMasking(ratio, 0.5).Draw(Grid, [new(30, 40, 100, 120)], random).Masked.Length);
        }
    }

    [Fact]
    public void Cells_with_motion_are_hidden_more_often_and_the_more_the_lower_the_temperature()
    {
        var (hot, cold) = (ShareInside(2), ShareInside(0.3));
        Assert.InRange(hot, 0.52, 0.75);
        Assert.InRange(cold, 0.8, 1);
    }

    [Fact]
    public void Where_a_box_lingers_counts_more_than_where_it_passes()
    {
        MotionBox[] track = [new(0, 0, 16, 16), new(0, 0, 16, 16), new(0, 0, 16, 16), new(208, 208, 224, 224)];
        var hits = Hits(new MotionWeightedMasking(0.5, 0.3), track);
        Assert.True(hits[0] > hits[195] && hits[195] > hits[100]);
    }

    [Fact]
    public void Without_boxes_every_tube_is_hidden_equally_often()
    {
        // Five standard deviations of a binomial count of 2000 draws with chance 1/2.
        Assert.All(Hits(new MotionWeightedMasking(0.5, 0.3), []), hits => Assert.InRange(hits, 1000 - 112, 1000 + 112));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_temperature_out_of_range_is_named(double temperature)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new MotionWeightedMasking(0.9, temperature));
        Assert.Contains(Invariant($"temperature is {temperature}; it must be above 0."), error.Message, StringComparison.Ordinal);
    }

    private static double ShareInside(double temperature)
    {
        var hits = Hits(new MotionWeightedMasking(0.5, temperature), [new(0, 0, 224, 16)]);
        return hits.Take(14).Average() / Draws;
    }

    private static int[] Hits(MotionWeightedMasking masking, MotionBox[] boxes)
    {
        var hits = new int[Grid.Cells];
        var random = new Random(2);
        for (var draw = 0; draw < Draws; draw++)
        {
            foreach (var cell in masking.Draw(Grid, boxes, random).Masked)
            {
                hits[cell]++;
            }
        }

        return hits;
    }
}
