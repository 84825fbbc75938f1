using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed unsafe class DisFlowTests
{
    [Fact]
    public void A_repeated_frame_has_no_motion_at_all()
    {
        var (from, to) = SyntheticPair.Translated(160, 120, 2, 1);
        using var dis = new DisFlow(160, 120);
        var half = new FlowField(80, 60);
        dis.ComputeHalf(from, to, half);
        Assert.Contains(half.X, value => value > 0.5f);
        dis.ComputeHalf(from, (byte[])from.Clone(), half);
        Assert.All(half.X.Concat(half.Y), value => Assert.Equal(0, value));
        var full = new FlowField(160, 120);
        Array.Fill(full.X, 3);
        dis.Compute(to, (byte[])to.Clone(), full);
        Assert.All(full.X.Concat(full.Y), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(34, 6)]
    [InlineData(98, 10)]
    public void Half_size_from_bytes_is_the_mean_of_four(int width, int height)
    {
        var gray = new byte[width * height];
        new Random(width).NextBytes(gray);
        var memory = new PlaneMemory(width / 2, height / 2, 1);
        var half = memory.View(0, width / 2, height / 2);
        PictureScaling.LoadHalf(gray, half);
        for (var y = 0; y < half.Height; y++)
        {
            for (var x = 0; x < half.Width; x++)
            {
                var at = (2 * y * width) + (2 * x);
                Assert.Equal((gray[at] + gray[at + 1] + gray[at + width] + gray[at + width + 1]) / 4f, half.Row(y)[x]);
            }
        }

        GC.KeepAlive(memory);
    }

    [Theory]
    [InlineData(160, 120)]
    [InlineData(97, 65)] // has no exact half
    [InlineData(98, 66)]
    [InlineData(11, 40)] // extended
    public void What_was_asked_for_before_changes_no_bit(int width, int height)
    {
        // There is room for half the size alone at first, then for the full size.
        var (from, to) = SyntheticPair.Translated(width, height, 1.5, -1);
        for (var finest = 0; finest < 4; finest++)
        {
            var parameters = new DisParameters(FinestLevel: finest);
            using DisFlow flow = new(width, height, parameters), half = new(width, height, parameters);
            var full = Full(flow);
            Assert.Contains(full, value => value != 0);
            Assert.Equal(full, Full(flow));
            if (half.EndsAtHalf)
            {
                var first = Half(half);
                Assert.Equal(full, Full(half));
                Assert.Equal(first, Half(half));
                Assert.Equal(first, Half(flow));
            }
        }

        float[] Full(DisFlow flow) => Result(new FlowField(width, height), field => flow.Compute(from, to, field));

        float[] Half(DisFlow flow)
        {
            var (halfWidth, halfHeight) = HalvedFlow.SizeOf(width, height);
            return Result(new FlowField(halfWidth, halfHeight), field => flow.ComputeHalf(from, to, field));
        }

        static float[] Result(FlowField field, Action<FlowField> compute)
        {
            compute(field);
            return [.. field.X, .. field.Y];
        }
    }

    [Fact]
    public void What_leaves_the_picture_moves_with_what_stays()
    {
        const int Width = 160, Height = 120;
        var (from, to) = SyntheticPair.Translated(Width, Height, 0, 5);
        using var dis = new DisFlow(Width, Height);
        var flow = new FlowField(Width, Height);
        dis.Compute(from, to, flow);

        // The last rows have no partner; with their data term left on, one of them is 0.52 pixels off.
        for (var y = Height - 4; y < Height; y++)
        {
            Assert.InRange(flow.Y.AsSpan(y * Width, Width).ToArray().Average(), 4.5f, 5.5f);
        }
    }
}
