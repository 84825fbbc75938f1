using System.Text.Json.Nodes;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Tests.Clips;

public class FrameSamplingConformanceTests
{
    private const int Draws = 300;

    [Fact]
    public void Uniform_views_are_the_originals_two_chunks()
    {
        foreach (var c in Cases("ssv2_test").Where(c => Number(c, "test_num_segment") == 2))
        {
            var views = FrameSampling.UniformViews(Number(c, "frames_in_video"), Number(c, "num_segment"), 2);
            Assert.Equal(Numbers(c["chunks"]!["0"]), views[0]);
            Assert.Equal(Numbers(c["chunks"]!["1"]), views[1]);
        }
    }

    [Fact]
    public void Uniform_jitter_stays_in_the_originals_ranges_and_reaches_their_ends()
    {
        foreach (var c in Cases("ssv2_train_and_validation"))
        {
            var random = new Random(1);
            var draws = Enumerable.Range(0, Draws)
                .Select(_ => FrameSampling.UniformJitteredReleased(Number(c, "frames_in_video"), 16, random)).ToArray();
            var (low, high) = (Numbers(c["per_position_min_over_400"]), Numbers(c["per_position_max_over_400"]));
            var width = Number(c, "average_duration");
            for (var i = 0; i < low.Length; i++)
            {
                if (width == 0)
                {
                    // Fewer frames than segments: the first one throughout.
                    Assert.Equal((low[i], high[i]), (draws.Min(d => d[i]), draws.Max(d => d[i])));
                    continue;
                }

                // The pack's extremes are of 400 draws: for long segments they may miss the true ends.
                Assert.InRange(draws.Min(d => d[i]), i * width, low[i] + (width / 20));
                Assert.InRange(draws.Max(d => d[i]), high[i] - (width / 20), ((i + 1) * width) - 1);
            }
        }
    }

    [Fact]
    public void Dense_views_are_the_originals_windows()
    {
        foreach (var c in Cases("kinetics_test"))
        {
            var views = FrameSampling.DenseViews(Number(c, "frames_in_video"), Number(c, "clip_len"), Number(c, "sampling_rate"), Number(c, "test_num_segment"));
            foreach (var (name, chunk) in c["chunks"]!.AsObject())
            {
                Assert.Equal(Numbers(chunk), views[int.Parse(name)]);
            }
        }
    }

    [Fact]
    public void Dense_jitter_gives_the_originals_clips_up_to_the_draw()
    {
        foreach (var c in Cases("kinetics_train_and_validation"))
        {
            var (frames, length, stride) = (Number(c, "frames_in_video"), Number(c, "clip_len"), Number(c, "sampling_rate"));
            var random = new Random(1);
            var draws = Enumerable.Range(0, c["deterministic"]!.GetValue<bool>() ? 1 : 3000)
                .Select(_ => FrameSampling.DenseJittered(frames, length, stride, random)).ToArray();
            foreach (var original in c["numpy_seed_0_1"]!.AsArray())
            {
                Assert.Contains(Numbers(original), draws);
            }

            Assert.All(draws, d => Assert.InRange(d[^1], 0, frames - 1));
        }
    }

    [Fact]
    public void Pretraining_clips_are_the_originals_at_the_ends_of_the_offset_range()
    {
        foreach (var c in Cases("pretrain_loader"))
        {
            var (frames, length, stride) = (Number(c, "frames_in_video"), Number(c, "num_frames"), Number(c, "sampling_rate"));
            Assert.Equal(Numbers(c["frame_ids_at_offset_min"]), FrameSampling.PretrainingFrom(Number(c, "offset_min") - 1, frames, length, stride));
            Assert.Equal(Numbers(c["frame_ids_at_offset_max"]), FrameSampling.PretrainingFrom(Number(c, "offset_max") - 1, frames, length, stride));

            var random = new Random(1);
            var starts = Enumerable.Range(0, 5000).Select(_ => FrameSampling.Pretraining(frames, length, stride, random)[0]).ToHashSet();
            Assert.Equal(Number(c, "offset_min") - 1, starts.Min());
            Assert.Equal(Number(c, "offset_max") - 1, starts.Max());
        }
    }

    [Fact]
    public void Middles_are_those_of_the_epic_loader()
    {
        var block = GoldenPack.Json("sampling/sampling.json")["epic_clip_loader_validation_and_test"]!;
        foreach (var c in block["cases"]!.AsArray())
        {
            Assert.Equal(Numbers(c!["frame_ids"]), FrameSampling.UniformMiddles(Number(c, "start_frame"), Number(c, "end_frame"), Number(c, "num_segments")));
        }

        foreach (var c in block["video_loader_cases"]!.AsArray())
        {
            Assert.Equal(Numbers(c!["frame_ids"]), FrameSampling.UniformMiddles(0, Number(c, "total_duration"), Number(c, "clip_length")));
        }
    }

    [Fact]
    public void Short_sides_are_resized_to_the_originals_sizes()
    {
        foreach (var c in Cases("short_side_resize"))
        {
            Assert.Equal(
                (Number(c, "new_width"), Number(c, "new_height")),
                SpatialViews.ShortSide(Number(c, "width"), Number(c, "height"), Number(c, "short_side")));
        }
    }

    [Fact]
    public void Test_crops_start_where_the_originals_do()
    {
        foreach (var c in Cases("test_spatial_crops"))
        {
            var crops = SpatialViews.TestCrops(Number(c, "width"), Number(c, "height"), Number(c, "test_num_crop"));
            Assert.Equal(Numbers(c["starts"]), crops.Select(w => (string)c["axis"]! == "x" ? w.X : w.Y));
            Assert.All(crops, w => Assert.Equal((Number(c, "short_side"), Number(c, "short_side")), (w.Width, w.Height)));
        }
    }

    [Fact]
    public void Centre_crops_start_where_the_originals_do()
    {
        foreach (var c in Cases("center_crop"))
        {
            var size = Number(c, "size");
            Assert.Equal(new CropWindow(Number(c, "x"), Number(c, "y"), size, size), SpatialViews.CenterCrop(Number(c, "width"), Number(c, "height"), size));
        }
    }

    private static IEnumerable<JsonNode> Cases(string block) => GoldenPack.Json("sampling/sampling.json")[block]!["cases"]!.AsArray().Select(c => c!);

    private static int Number(JsonNode node, string name) => node[name]!.GetValue<int>();

    private static int[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(v => v!.GetValue<int>())];
}
