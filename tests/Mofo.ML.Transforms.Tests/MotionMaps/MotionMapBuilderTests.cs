using FsCheck.Xunit;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.MotionMaps;

public class MotionMapBuilderTests
{
    private const int Width = 37; // odd on purpose: vectors and the scalar rest both run
    private const int Height = 23;

    [Fact]
    public void A_uniform_flow_of_a_moving_camera_leaves_no_motion()
    {
        var maps = Maps(Enumerable.Range(0, 12).Select(i => Flow((_, _) => (i - 3.5f, 2 * i))), window: 8);
        Assert.Equal(13, maps.Count);
        Assert.All(maps, map => Assert.All(map, v => Assert.Equal(0, v)));
    }

    [Fact]
    public void A_flow_that_grows_steadily_has_the_derivative_worked_out_by_hand()
    {
        // u = x/2, v = 0: dx = 3 rows * (2 pixels * 1/2) = 3 per flow; 8 flows: 24; mean with the zero of the other component: 12.
        var map = Maps(Enumerable.Range(0, 9).Select(_ => Flow((x, _) => (x / 2f, 0))), window: 8)[4];
        Assert.Equal(12, map[(10 * Width) + 10], 4);
        Assert.Equal(0, map[(7 * Width) + 10]);
        Assert.Equal(0, map[(10 * Width) + 7]);
        Assert.Equal(12, map[(8 * Width) + 8], 4);
    }

    [Theory]
    [InlineData(0)] // one frame
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(30)]
    public void Every_frame_gets_the_map_of_its_own_window(int flows)
    {
        // Flow i has slope i in x, so that the map tells which flows were summed.
        var maps = Maps(Enumerable.Range(0, flows).Select(i => Flow((x, _) => ((i + 1) * x, 0))), window: 8);
        var slopes = Enumerable.Range(1, flows).Append(flows).ToArray(); // the last one repeated; 0 for a single frame
        Assert.Equal(flows + 1, maps.Count);
        for (var i = 0; i < maps.Count; i++)
        {
            var start = Math.Clamp(i + 1 - 4, 0, Math.Max(0, slopes.Length - 8));
            var expected = 0.5 * 6 * slopes.Skip(start).Take(8).Sum();
            Assert.Equal(expected, maps[i][(10 * Width) + 10], 2);
        }
    }

    [Property(MaxTest = 20)]
    public bool Edges_are_mirrored_so_that_no_border_is_needed(int seed)
    {
        var random = new Random(seed);
        var flow = Flow((_, _) => (random.NextSingle(), random.NextSingle()));
        var map = Maps([flow], window: 1, border: 0)[0];
        return Enumerable.Range(0, Height).All(y => Enumerable.Range(0, Width).All(x =>
            Math.Abs(map[(y * Width) + x] - (0.5f * (Slow(flow.X, x, y) + Slow(flow.Y, x, y)))) < 1e-4));
    }

    [Fact]
    public void A_map_that_is_ready_must_be_taken_before_the_next_flow()
    {
        var builder = new MotionMapBuilder(Width, Height, window: 1, border: 0);
        builder.Add(new FlowField(Width, Height));
        Assert.Throws<InvalidOperationException>(() => builder.Add(new FlowField(Width, Height)));
    }

    private static float Slow(float[] flow, int x, int y)
    {
        float At(int i, int j) => flow[(Math.Clamp(j, 0, Height - 1) * Width) + Math.Clamp(i, 0, Width - 1)];
        var (dx, dy) = (0f, 0f);
        for (var k = -1; k <= 1; k++)
        {
            dx += At(x + 1, y + k) - At(x - 1, y + k);
            dy += At(x + k, y + 1) - At(x + k, y - 1);
        }

        return MathF.Sqrt((dx * dx) + (dy * dy));
    }

    private static FlowField Flow(Func<int, int, (float X, float Y)> at)
    {
        var flow = new FlowField(Width, Height);
        for (var i = 0; i < flow.X.Length; i++)
        {
            (flow.X[i], flow.Y[i]) = at(i % Width, i / Width);
        }

        return flow;
    }

    private static List<float[]> Maps(IEnumerable<FlowField> flows, int window, int border = 8)
    {
        var builder = new MotionMapBuilder(Width, Height, window, border);
        var maps = new List<float[]>();
        foreach (var flow in flows)
        {
            builder.Add(flow);
            while (builder.TryTake(out var map))
            {
                maps.Add([.. map.Values]);
            }
        }

        builder.Complete();
        while (builder.TryTake(out var map))
        {
            maps.Add([.. map.Values]);
        }

        return maps;
    }
}
