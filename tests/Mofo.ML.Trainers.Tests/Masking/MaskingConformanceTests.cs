using System.Globalization;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Masking;

/// <summary>Golden part F: the counts that MOFO's text implies ("intent"), not what the released code draws.</summary>
public sealed class MaskingConformanceTests
{
    [Fact]
    public void Masked_tubes_per_grid_and_ratio_are_those_of_the_original()
    {
        foreach (var (side, ratios) in GoldenPack.Json("masking/masked_per_frame_by_grid.json").AsObject())
        {
            var grid = new PatchGrid(int.Parse(side), int.Parse(side), 16);
            foreach (var (ratio, count) in ratios!.AsObject())
            {
                var mask = new RandomTubeMasking(double.Parse(ratio, CultureInfo.InvariantCulture)).Draw(grid, [], new Random(0));
                Assert.Equal((int)count!, mask.Masked.Length);
            }
        }
    }

    [Fact]
    public void The_release_compatible_rule_has_the_inside_sets_and_counts_of_the_release()
    {
        var golden = GoldenPack.Json("masking/masking_bb.json");
        var grid = new PatchGrid((int)golden["grid"]![0]!, (int)golden["grid"]![1]!, (int)golden["patch"]!);
        var masking = new ReleaseTubeMasking((double)golden["mask_ratio"]!, (double)golden["mask_ratio_BB"]!);
        foreach (var @case in golden["boxes"]!.AsArray())
        {
            var corners = @case!["box_x1y1x2y2"]!.AsArray().Select(v => (float)v!).ToArray();
            var box = new MotionBox(corners[0], corners[1], corners[2], corners[3]);
            var original = @case["original"]!;
            var inside = original["inside_list"]!.AsArray().Select(v => (int)v!).ToHashSet();
            Assert.Equal(inside.Order(), ReleaseTubeMasking.InsideOf(grid, box));

            var draws = Enumerable.Range(0, 200).Select(seed => masking.Draw(grid, [box], new Random(seed)).Masked.ToArray()).ToList();
            Assert.All(draws, draw => Assert.Equal((int)golden["masked_per_frame"]!, draw.Length));

            // Two samples of 200 draws; the pack's README allows 0.3 patches of statistical error in each mean.
            var expected = (double)original["masked_inside_its_own_list"]!["mean"]!;
            Assert.InRange(draws.Average(draw => draw.Count(inside.Contains)), expected - 0.6, expected + 0.6);
        }
    }

    [Fact]
    public void Counts_inside_and_outside_every_box_are_those_intended()
    {
        var golden = GoldenPack.Json("masking/masking_bb.json");
        var patch = (int)golden["patch"]!;
        var grid = new PatchGrid((int)golden["grid"]![0]!, (int)golden["grid"]![1]!, patch);
        var masking = new MotionTubeMasking((double)golden["mask_ratio"]!, (double)golden["mask_ratio_BB"]!);
        foreach (var @case in golden["boxes"]!.AsArray())
        {
            var corners = @case!["box_x1y1x2y2"]!.AsArray().Select(v => (float)v!).ToArray();
            var box = new MotionBox(corners[0], corners[1], corners[2], corners[3]);
            var intent = @case["intent"]!["any_overlap_half_open"]!;
            var expectedPatches = @case["intent"]!["patches_any_overlap"]!.AsArray().Select(v => (int)v!).ToHashSet();

            var inBox = new bool[grid.Cells];
            grid.MarkOverlapped(box, inBox);
            Assert.Equal(expectedPatches.Order(), Enumerable.Range(0, grid.Cells).Where(cell => inBox[cell]));

            for (var seed = 0; seed < 20; seed++)
            {
                var masked = masking.Draw(grid, [box], new Random(seed)).Masked.ToArray();
                Assert.Equal((int)intent["masked_inside_if_total_is_kept"]!, masked.Count(expectedPatches.Contains));
                Assert.Equal((int)intent["masked_outside_if_total_is_kept"]!, masked.Count(cell => !expectedPatches.Contains(cell)));
            }
        }
    }
}
