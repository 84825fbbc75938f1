using System.Text.Json.Nodes;
using Mofo.ML.Research;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.MotionBoxes;
using Mofo.ML.Transforms.Tests.MotionMaps;

namespace Mofo.ML.Transforms.Tests.MotionBoxes;

/// <summary>The release's boxes, stage by stage and exactly, given its maps and frames.</summary>
public class ReleaseBoxConformanceTests
{
    [Fact]
    public void Constant_pictures_lose_the_levels_that_the_original_loses()
    {
        // From the pack's text, part G: at sigma 30 these levels become one less, at sigma 1 none.
        int[] losing = [7, 14, 28, 39, 49, 53, 56, 57, 78, 83, 93, 98, 106, 112, 114, 129, 131, 147, 156, 166, 167, 171, 183, 186, 196, 199, 205, 209, 212, 224, 228, 233, 249, 253];
        var wide = new ReleaseBlur(1, 1, 30);
        var fine = new ReleaseBlur(1, 1, 1);
        for (var level = 0; level < 256; level++)
        {
            byte[] one = [(byte)level];
            fine.Apply(one);
            Assert.Equal(level, one[0]);
            wide.Apply(one);
            // Three passes over a single pixel: a level may fall more than once.
            Assert.Equal(Drop(Drop(Drop(level))), one[0]);
        }

        int Drop(int level) => losing.Contains(level) ? level - 1 : level;
    }

    [Fact]
    public void The_wide_blur_of_every_synthetic_case_is_equal_pixel_by_pixel()
    {
        using var arrays = GoldenPack.Npz("motion/synthetic/maps_u8.npz");
        foreach (var name in arrays.Names.Where(n => n.StartsWith("map_", StringComparison.Ordinal)))
        {
            var maps = arrays[name];
            var (height, width) = ((int)maps.Shape[1], (int)maps.Shape[2]);
            var finder = new ReleaseBoxFinder(width, height);
            var image = maps.Bytes[..(width * height)];
            finder.Cut(image);
            finder.Spread(image);
            AssertSame(arrays["gray_frame0_" + name[4..]].Bytes, image);
        }
    }

    [Fact]
    public void Cuts_and_blurs_of_the_stored_frames_are_equal_pixel_by_pixel()
    {
        foreach (var clip in GoldenMotion.Clips())
        {
            using var maps = clip.Npz("motion_map_intended_f32.npz");
            using var stages = clip.Npz("box_stages_u8.npz");
            var finder = new ReleaseBoxFinder(clip.Width, clip.Height);
            foreach (var name in maps.Names)
            {
                var image = ReleaseBoxFinder.ToBytes(maps[name].ToSingles());
                finder.Cut(image);
                AssertSame(stages[$"after_cuts_{name[^3..]}"].Bytes, image);
                finder.Spread(image);
                AssertSame(stages[$"after_blur30_gray_{name[^3..]}"].Bytes, image);
            }
        }
    }

    [Theory]
    [InlineData("intended", false)]
    [InlineData("as_executed_channel_swap", true)]
    public void Boxes_of_the_real_clips_are_equal_after_every_rule(string kind, bool xIsLost)
    {
        foreach (var clip in GoldenMotion.Clips())
        {
            var expected = clip.Json("boxes.json")[kind]!;
            var maps = clip.Maps(xIsLost);
            var finder = new ReleaseBoxFinder(clip.Width, clip.Height);
            AssertStages(expected, maps.Select((map, i) => finder.Find(ReleaseBoxFinder.ToBytes(map), clip.Picture(i))), clip.Width, clip.Height);
        }
    }

    [Fact]
    public void Boxes_of_the_synthetic_cases_are_equal_after_every_rule()
    {
        using var arrays = GoldenPack.Npz("motion/synthetic/maps_u8.npz");
        foreach (var (name, expected) in GoldenPack.Json("motion/synthetic/boxes.json").AsObject())
        {
            var maps = arrays[$"map_{name}"];
            var (frames, height, width) = ((int)maps.Shape[0], (int)maps.Shape[1], (int)maps.Shape[2]);
            var finder = new ReleaseBoxFinder(width, height);
            var picture = Picture(name, arrays, width, height);
            AssertStages(expected!, Enumerable.Range(0, frames).Select(i => finder.Find(maps.Bytes.AsSpan(i * width * height, width * height), picture)), width, height);
        }
    }

    [Fact]
    public void The_contour_figures_of_every_frame_agree()
    {
        using var arrays = GoldenPack.Npz("motion/synthetic/maps_u8.npz");
        foreach (var (name, expected) in GoldenPack.Json("motion/synthetic/boxes.json").AsObject())
        {
            var maps = arrays[$"map_{name}"];
            var (height, width) = ((int)maps.Shape[1], (int)maps.Shape[2]);
            var finder = new ReleaseBoxFinder(width, height);
            var figures = expected!["per_frame_stages"]!.AsArray();
            for (var i = 0; i < figures.Count; i++)
            {
                var image = maps.Bytes[(i * width * height)..((i + 1) * width * height)];
                finder.Cut(image);
                Assert.Equal((int)figures[i]!["nonzero_pixels_after_cuts"]!, image.Count(v => v > 0));
                finder.Spread(image);
                var area = MovingArea.Find(image, width, height, countHoles: true);
                Assert.Equal((int)figures[i]!["n_contours"]!, area.ContoursFound);
                Assert.Equal((int)figures[i]!["contours_kept"]!, area.ContoursKept);
                Assert.Equal((int)figures[i]!["kept_area_pixels"]!, area.Mask.Count(v => v > 0));
            }
        }
    }

    private static byte[] Picture(string name, NpzFile arrays, int width, int height)
    {
        var picture = new byte[width * height * 3];
        Array.Fill(picture, (byte)200);
        if (arrays.Contains($"video_{name}_one_row"))
        {
            var row = arrays[$"video_{name}_one_row"].Bytes;
            Assert.Equal(width * 3, row.Length);
            for (var y = 0; y < height; y++)
            {
                row.CopyTo(picture, y * row.Length);
            }
        }

        return picture;
    }

    private static void AssertStages(JsonNode expected, IEnumerable<ReleaseBox?> found, int width, int height)
    {
        var boxes = found.ToList();
        foreach (var (name, rules) in new[] { ("ssv2", BoxRules.SomethingSomething), ("epic", BoxRules.EpicKitchens) })
        {
            var cleanup = new ReleaseBoxCleanup(width, height, rules);
            var raw = cleanup.FillGaps(boxes);
            Assert.Equal(Boxes(expected["per_frame_box_raw"]!), raw);
            var replaced = cleanup.ReplaceUnlikely(raw);
            Assert.Equal(Boxes(expected[name]!["after_replacement"]!), replaced);
            Assert.Equal(expected[name]!["variance_figure"]!.AsArray().Select(v => (double)v!), ReleaseBoxCleanup.Jumps(replaced));
            var padded = cleanup.SmoothAndPad(replaced);
            Assert.Equal(Boxes(expected[name]!["after_smoothing_and_padding"]!), padded);
            var union = cleanup.Union(padded);
            // The original's union of a clip of one frame is cut short to its first number.
            var numbers = expected[name]!["union"]!.AsArray().Select(v => (int)v!).ToArray();
            Assert.Equal(numbers, new[] { union.X1, union.Y1, union.X2, union.Y2 }[..numbers.Length]);
            Assert.True(numbers.Length == 4 || boxes.Count == 1);
        }
    }

    private static ReleaseBox[] Boxes(JsonNode boxes) =>
        [.. boxes.AsArray().Select(b => new ReleaseBox((int)b![0]!, (int)b[1]!, (int)b[2]!, (int)b[3]!))];

    private static void AssertSame(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var different = expected.Zip(actual).Count(pair => pair.First != pair.Second);
        Assert.Equal(0, different);
    }
}
