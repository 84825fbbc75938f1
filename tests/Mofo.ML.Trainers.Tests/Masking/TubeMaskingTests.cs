using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Masking;

public sealed class TubeMaskingTests
{
    private static readonly PatchGrid Grid = new(14, 14, 16);

    [Theory]
    [InlineData(0.9, 196, 176)]
    [InlineData(0.75, 20, 15)]
    [InlineData(0.29, 100, 29)] // 0.29 * 100 is 28.999999999999996 in binary
    [InlineData(0.7, 10, 7)]
    [InlineData(0.0, 196, 0)]
    public void A_share_is_rounded_down_but_not_by_float_error(double ratio, int count, int expected) =>
        Assert.Equal(expected, PatchGrid.Share(ratio, count));

    [Property(Arbitrary = [typeof(Cases)], MaxTest = 500)]
    public void Total_inside_and_outside_counts_are_exact(DrawCase @case)
    {
        var (grid, box, ratio, motion, seed) = @case;
        var inBox = InBox(grid, box);
        var n = inBox.Count(b => b);
        var budget = PatchGrid.Share(ratio, grid.Cells);
        var wanted = Math.Min(budget, PatchGrid.Share(motion, n));
        var feasible = budget - wanted <= grid.Cells - n;

        var mask = new MotionTubeMasking(ratio, motion).Draw(grid, [box], new Random(seed));

        Assert.Equal(budget, mask.Masked.Length);
        var inside = mask.Masked.ToArray().Count(cell => inBox[cell]);
        Assert.Equal(feasible ? wanted : budget - (grid.Cells - n), inside);
    }

    [Property(Arbitrary = [typeof(Cases)], MaxTest = 500)]
    public void Masked_and_visible_are_ascending_and_make_up_the_grid(DrawCase @case)
    {
        var mask = new MotionTubeMasking(@case.Ratio, @case.Motion).Draw(@case.Grid, [@case.Box], new Random(@case.Seed));
        int[] masked = mask.Masked.ToArray(), visible = mask.Visible.ToArray();
        Assert.Equal(masked.Order(), masked);
        Assert.Equal(visible.Order(), visible);
        Assert.Equal(Enumerable.Range(0, @case.Grid.Cells), masked.Concat(visible).Order());
    }

    [Property(Arbitrary = [typeof(Cases)], MaxTest = 500)]
    public void Random_masking_hides_the_same_number_whatever_the_box(DrawCase @case)
    {
        var mask = new RandomTubeMasking(@case.Ratio).Draw(@case.Grid, [@case.Box], new Random(@case.Seed));
        Assert.Equal(PatchGrid.Share(@case.Ratio, @case.Grid.Cells), mask.Masked.Length);
    }

    [Fact]
    public void The_same_seed_gives_the_same_mask_and_another_draw_another()
    {
        var masking = new MotionTubeMasking(0.9, 0.75);
        MotionBox[] box = [new(56, 56, 168, 168)];
        var random = new Random(7);
        var first = masking.Draw(Grid, box, random).Masked.ToArray();
        Assert.NotEqual(first, masking.Draw(Grid, box, random).Masked.ToArray());
        Assert.Equal(first, masking.Draw(Grid, box, new Random(7)).Masked.ToArray());
    }

    [Theory]
    [InlineData(56, 56, 168, 168)] // 64 inside: the share of the box decides
    [InlineData(20, 20, 210, 205)] // 156 inside: all of outside is hidden
    public void Every_tube_of_a_region_is_hidden_equally_often(float x1, float y1, float x2, float y2)
    {
        const int Draws = 4000;
        var masking = new MotionTubeMasking(0.9, 0.75);
        var box = new MotionBox(x1, y1, x2, y2);
        var inBox = InBox(Grid, box);
        var n = inBox.Count(b => b);
        var (inside, outside) = masking.Counts(Grid.Cells, n);
        var hits = new int[Grid.Cells];
        var random = new Random(11);
        for (var draw = 0; draw < Draws; draw++)
        {
            foreach (var cell in masking.Draw(Grid, [box], random).Masked)
            {
                hits[cell]++;
            }
        }

        for (var cell = 0; cell < hits.Length; cell++)
        {
            var chance = inBox[cell] ? (double)inside / n : (double)outside / (Grid.Cells - n);

            // Five standard deviations of a binomial count, over 196 cells: a false alarm once in ten thousand seeds.
            var slack = 5 * Math.Sqrt(Draws * chance * (1 - chance));
            Assert.InRange(hits[cell], (Draws * chance) - slack - 1e-9, (Draws * chance) + slack + 1e-9);
        }
    }

    [Fact]
    public void The_box_is_the_union_over_the_sampled_frames()
    {
        MotionBox[] track = [new(0, 0, 16, 16), MotionBox.Empty, new(208, 208, 224, 224)];
        var mask = new MotionTubeMasking(0.9, 0.75).Draw(Grid, track, new Random(1));
        Assert.Equal(new MotionTubeMasking(0.9, 0.75).Draw(Grid, [new(0, 0, 224, 224)], new Random(1)).Masked.ToArray(), mask.Masked.ToArray());
    }

    [Fact]
    public void Without_a_box_the_whole_budget_is_drawn_from_all_tubes()
    {
        var mask = new MotionTubeMasking(0.9, 0.75).Draw(Grid, [], new Random(1));
        Assert.Equal(176, mask.Masked.Length);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_ratio_out_of_range_is_named(double ratio)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new MotionTubeMasking(0.9, ratio));
        Assert.Contains(Invariant($"motionRatio is {ratio}; it must be in [0, 1)."), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_repeat_the_cells_in_every_slice()
    {
        var mask = new TubeMask([true, false, true, false]);
        var tokens = new long[4];
        mask.WriteTokens(mask.Masked, tokens);
        Assert.Equal([0, 2, 4, 6], tokens);
    }

    [Fact]
    public void Running_cells_keep_equal_counts_per_slice_and_every_tube_has_its_turn()
    {
        var mask = new RandomTubeMasking(0.9).Draw(Grid, [], new Random(3));
        var running = new RunningCellMasking(0.5);
        var tokens = new long[running.TokensFor(mask, 8)];
        running.WriteTokens(mask, 8, tokens);

        Assert.Equal(8 * 88, tokens.Length);
        Assert.Equal(tokens.Order(), tokens);
        Assert.All(tokens.GroupBy(t => t / 196), slice => Assert.Equal(88, slice.Count()));
        Assert.Equal(mask.Masked.ToArray(), tokens.Select(t => (int)(t % 196)).Distinct().Order());
    }

    private static bool[] InBox(PatchGrid grid, MotionBox box)
    {
        // The rule said once more in its slowest form: any common area of cell and box.
        return Enumerable.Range(0, grid.Cells).Select(cell =>
        {
            float x = cell % grid.Columns * grid.PatchPixels, y = cell / grid.Columns * grid.PatchPixels;
            return !box.Intersect(new MotionBox(x, y, x + grid.PatchPixels, y + grid.PatchPixels)).IsEmpty;
        }).ToArray();
    }

    public sealed record DrawCase
    {
        internal DrawCase(PatchGrid grid, MotionBox box, double ratio, double motion, int seed) =>
            (Grid, Box, Ratio, Motion, Seed) = (grid, box, ratio, motion, seed);

        internal PatchGrid Grid { get; }

        internal MotionBox Box { get; }

        public double Ratio { get; }

        public double Motion { get; }

        public int Seed { get; }

        internal void Deconstruct(out PatchGrid grid, out MotionBox box, out double ratio, out double motion, out int seed) =>
            (grid, box, ratio, motion, seed) = (Grid, Box, Ratio, Motion, Seed);
    }

    public static class Cases
    {
        public static Arbitrary<DrawCase> Draw() =>
            (from rows in Gen.Choose(1, 16)
             from columns in Gen.Choose(1, 16)
             from corners in Gen.Choose(-400, 2800).ArrayOf(4)
             from ratio in Gen.Choose(0, 99)
             from motion in Gen.Choose(0, 99)
             from seed in Gen.Choose(0, 1 << 20)
             select new DrawCase(
                 new PatchGrid(rows, columns, 16),
                 new MotionBox(corners[0] / 10f, corners[1] / 10f, corners[2] / 10f, corners[3] / 10f),
                 ratio / 100.0,
                 motion / 100.0,
                 seed)).ToArbitrary();
    }
}
