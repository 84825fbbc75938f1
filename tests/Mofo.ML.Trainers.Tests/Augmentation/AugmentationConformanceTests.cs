using System.Globalization;
using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Augmentation;

public class AugmentationConformanceTests
{
    private const float Tolerance = 1e-6f;

    // Boxes are kept in float32; near 224 one step is 1.5e-5.
    private const float BoxTolerance = 5e-5f;

    private static JsonNode Pack => GoldenPack.Json("augment/augment.json");

    [Fact]
    public void Soft_targets_are_the_originals()
    {
        foreach (var c in Pack["mixup_target"]!["cases"]!.AsArray())
        {
            var classes = (int)c!["num_classes"]!;
            var actual = new Mixup((double)c["lam"]!, null).Targets(Integers(c["targets"]), classes, (double)c["smoothing"]!);
            Assert.Equal(c["result"]!.AsArray().SelectMany(Numbers), actual, (e, a) => Math.Abs(e - a) <= Tolerance);
        }
    }

    [Fact]
    public void Cutmix_rectangles_are_the_originals()
    {
        foreach (var c in Pack["cutmix_box"]!["cases"]!.AsArray())
        {
            var mix = Mixup.Cutmix((double)c!["lam"]!, (int)c["centre_x"]!, (int)c["centre_y"]!, (int)c["width"]!, (int)c["height"]!);
            var (left, top) = ((int)c["xl"]!, (int)c["yl"]!);
            Assert.Equal(new CropWindow(left, top, (int)c["xh"]! - left, (int)c["yh"]! - top), mix.Cut);
            Assert.Equal((double)c["corrected_lam"]!, mix.Share, 1e-9);
        }
    }

    [Fact]
    public void A_batch_is_blended_as_the_originals()
    {
        using var pack = GoldenPack.Npz("augment/mixup_batch.npz");
        CheckBatch(pack, new Mixup(pack["lam"].ToSingles()[0], null));
    }

    [Fact]
    public void A_batch_is_cut_and_mixed_as_the_originals()
    {
        using var pack = GoldenPack.Npz("augment/cutmix_batch.npz");
        var shape = pack["x"].Shape;

        CheckBatch(pack, Mixup.Cutmix(
            pack["lam"].ToSingles()[0], (int)pack["centre_x"].ToSingles()[0], (int)pack["centre_y"].ToSingles()[0], (int)shape[4], (int)shape[3]));
    }

    [Fact]
    public void Defaults_of_mixup_are_the_originals()
    {
        var pack = Pack["mixup_parameters"]!;
        var options = new MixupOptions();
        Assert.Equal((double)pack["mixup_alpha"]!, options.MixupAlpha);
        Assert.Equal((double)pack["cutmix_alpha"]!, options.CutmixAlpha);
        Assert.Equal((double)pack["prob"]!, options.Probability);
        Assert.Equal((double)pack["switch_prob"]!, options.CutmixShare);
    }

    [Fact]
    public void Erased_rectangles_have_the_originals_sizes()
    {
        foreach (var c in Pack["random_erasing"]!["size_cases"]!.AsArray())
        {
            Assert.Equal(
                ((int)c!["h"]!, (int)c["w"]!),
                RandomErasing.SizeOf((double)c["area_fraction"]!, (double)c["log_aspect"]!, (int)c["H"]!, (int)c["W"]!));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("bb_focused")]
    public void RandAugment_has_the_originals_operations_and_arguments(string list)
    {
        var pack = Pack["rand_augment"]!;
        var policy = RandAugmentPolicy.Parse((string)pack["config"]!);
        Assert.Equal((int)pack[list]!["num_layers"]!, policy.Layers);
        var expected = pack[list]!["ops"]!.AsArray();
        var operations = RandAugmentOperation.All(policy.Increasing);
        Assert.Equal(expected.Select(o => (string)o!["name"]!), operations.Select(o => o.Name));
        foreach (var (operation, original) in operations.Zip(expected))
        {
            Assert.Equal((double)original!["prob"]!, policy.Probability);
            Assert.Equal((double)original["magnitude"]!, policy.Magnitude);
            Assert.Equal((double)original["magnitude_std"]!, policy.Deviation);
            foreach (var (level, arguments) in original["argument_at_level"]?.AsObject() ?? [])
            {
                var argument = operation.Argument(double.Parse(level, CultureInfo.InvariantCulture));
                double[] possible = operation.Signed ? [argument, operation.Mirrored(argument)] : [argument];
                var originals = arguments!.AsArray().Select(a => (double)a!).ToArray();
                Assert.Equal(originals.Order(), possible.Distinct().Order().TakeLast(originals.Length), (e, a) => Math.Abs(e - a) < 1e-12);
            }
        }
    }

    [Fact]
    public void Multi_scale_windows_are_the_originals()
    {
        foreach (var c in Pack["box_transforms"]!["multi_scale_crop"]!["cases"]!.AsArray())
        {
            var frame = Integers(c!["image_w_h"]);
            var sizes = MultiScaleCrop.Sizes(frame[0], frame[1], 224);
            Assert.Equal(c["pairs_w_h"]!.AsArray().Select(Integers), sizes.Select(s => new[] { s.Width, s.Height }));
            foreach (var (width, height) in sizes)
            {
                var expected = c["offsets"]![$"{width}x{height}"]!.AsArray().Select(Integers);
                Assert.Equal(expected, MultiScaleCrop.Offsets(frame[0], frame[1], width, height).Select(o => new[] { o.X, o.Y }));
            }
        }
    }

    [Fact]
    public void Multi_scale_boxes_are_the_originals_but_for_its_marker_of_boxes_outside()
    {
        foreach (var c in Pack["box_transforms"]!["multi_scale_crop_boxes"]!["cases"]!.AsArray())
        {
            var frame = Integers(c!["image_w_h"]);
            var window = new CropWindow((int)c["offset_w"]!, (int)c["offset_h"]!, (int)c["crop_w"]!, (int)c["crop_h"]!);
            CheckBoxes(c["boxes_in"]!, frame[0], frame[1], window, 224, 224, c["boxes_out"]!, outside: [0, 0, 1, 1]);
        }
    }

    [Fact]
    public void Random_resized_boxes_are_the_correct_ones_not_the_originals()
    {
        foreach (var c in Pack["box_transforms"]!["random_resized_crop"]!["cases"]!.AsArray())
        {
            var (frame, target) = (Integers(c!["frame"]), Integers(c["target"]));
            var window = new CropWindow((int)c["j"]!, (int)c["i"]!, (int)c["w"]!, (int)c["h"]!);
            CheckBoxes(c["boxes_in"]!, frame[1], frame[0], window, target[1], target[0], c["correct_boxes_for_comparison"]!, outside: null);
        }
    }

    [Fact]
    public void Resized_boxes_are_the_originals_before_it_truncates_them()
    {
        foreach (var c in Pack["box_transforms"]!["resize_clip_BB_focused"]!["cases"]!.AsArray())
        {
            var frame = Integers(c!["frame"]);
            var (width, height) = SpatialViews.ShortSide(frame[1], frame[0], (int)c["size"]!);
            foreach (var (before, after) in c["boxes_in"]!.AsArray().Zip(c["boxes_out"]!.AsArray()))
            {
                using var clip = FrameResampling.CropResize(WithBox(before!, frame[1], frame[0]), new(0, 0, frame[1], frame[0]), width, height);
                if (!clip.Boxes[0].IsEmpty)
                {
                    Assert.Equal(Integers(after), Values(clip.Boxes[0]).Select(v => (int)v));
                }
            }
        }
    }

    [Fact]
    public void Flipped_boxes_are_the_originals_with_its_pixel_put_right()
    {
        // The original mirrors x to W - x - 1, the rule of pixel indices; boxes are edges, which mirror to W - x.
        var c = Pack["box_transforms"]!["horizontal_flip"]!["cases"]![0]!;
        var width = (int)c["width"]!;
        foreach (var (before, after) in c["boxes_in"]!.AsArray().Zip(c["boxes_out"]!.AsArray()))
        {
            using var clip = new HorizontalFlip(1).Apply(WithBox(before!, width, 240), new Random(1));
            if (!clip.Boxes[0].IsEmpty)
            {
                var expected = Numbers(after);
                Assert.Equal([expected[0] + 1, expected[1], expected[2] + 1, expected[3]], Values(clip.Boxes[0]));
            }
        }
    }

    private static void CheckBatch(NpzFile pack, Mixup mix)
    {
        var x = pack["x"];
        var shape = new ClipShape((int)x.Shape[1], (int)x.Shape[2], (int)x.Shape[3], (int)x.Shape[4]);
        var values = x.ToSingles();
        mix.MixPixels(values.Length / shape.Length, clip => values.AsSpan(clip * shape.Length, shape.Length), shape);
        Assert.Equal(pack["mixed"].ToSingles(), values, (e, a) => Math.Abs(e - a) <= Tolerance * Math.Max(1, Math.Abs(e)));

        var targets = pack["mixed_targets"];
        var labels = Array.ConvertAll(pack["targets"].ToSingles(), l => (int)l);
        var actual = mix.Targets(labels, (int)targets.Shape[1], 0.1);
        Assert.Equal(targets.ToSingles(), actual, (e, a) => Math.Abs(e - a) <= Tolerance);
    }

    private static void CheckBoxes(JsonNode before, int frameWidth, int frameHeight, CropWindow window, int width, int height, JsonNode after, float[]? outside)
    {
        foreach (var (one, other) in before.AsArray().Zip(after.AsArray()))
        {
            using var clip = FrameResampling.CropResize(WithBox(one!, frameWidth, frameHeight), window, width, height);
            var expected = Numbers(other);
            if (outside is not null && expected.SequenceEqual(outside))
            {
                Assert.True(clip.Boxes[0].IsEmpty);
                continue;
            }

            var box = new MotionBox(expected[0], expected[1], expected[2], expected[3]);
            Assert.Equal(box.IsEmpty ? [0, 0, 0, 0] : expected, Values(clip.Boxes[0]), (e, a) => Math.Abs(e - a) <= BoxTolerance);
        }
    }

    private static Clip WithBox(JsonNode box, int width, int height)
    {
        var v = Numbers(box);
        var clip = new Clip(1, width, height);
        clip.Boxes[0] = new(v[0], v[1], v[2], v[3]);
        return clip;
    }

    private static float[] Values(MotionBox box) => [box.X1, box.Y1, box.X2, box.Y2];

    private static float[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(v => (float)(double)v!)];

    private static int[] Integers(JsonNode? node) => [.. node!.AsArray().Select(v => (int)v!)];
}
