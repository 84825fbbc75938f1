namespace Mofo.ML.Transforms.Tests.MotionMaps;

public class MotionMapConformanceTests
{
    // The pack's own tolerance for the map.
    private const float Relative = 1e-4f;

    [Fact]
    public void Maps_from_the_golden_flow_pictures_are_the_golden_maps()
    {
        foreach (var clip in GoldenMotion.Clips())
        {
            var maps = clip.Maps();
            using var golden = clip.Npz("motion_map_intended_f32.npz");
            foreach (var name in golden.Names)
            {
                var expected = golden[name].ToSingles();
                var actual = maps[int.Parse(name[^3..])];
                Assert.Equal(expected.Length, actual.Length);
                for (var i = 0; i < expected.Length; i++)
                {
                    Assert.True(Math.Abs(expected[i] - actual[i]) <= Relative * Math.Max(1, expected[i]), $"{name}[{i}] is {actual[i]}, not {expected[i]}");
                }
            }
        }
    }

    [Theory]
    [InlineData("intended", false)]
    [InlineData("as_executed_channel_swap", true)]
    public void Mean_maximum_and_overflow_of_every_frame_agree(string kind, bool xIsLost)
    {
        foreach (var clip in GoldenMotion.Clips())
        {
            var maps = clip.Maps(xIsLost);
            var figures = clip.Json("figures.json")["motion_map"]![kind]!.AsArray();
            Assert.Equal(figures.Count, maps.Count);
            for (var i = 0; i < maps.Count; i++)
            {
                Assert.Equal((double)figures[i]!["mean"]!, maps[i].Average(v => (double)v), (double)figures[i]!["mean"]! * Relative);
                Assert.Equal((double)figures[i]!["max"]!, maps[i].Max(), (double)figures[i]!["max"]! * Relative);

                // A value within the tolerance of 255 may lie on either side of it.
                var over = (int)figures[i]!["pixels_over_255"]!;
                Assert.InRange(over, maps[i].Count(v => v > 255 * (1 + Relative)), maps[i].Count(v => v > 255 * (1 - Relative)));
            }
        }
    }
}
