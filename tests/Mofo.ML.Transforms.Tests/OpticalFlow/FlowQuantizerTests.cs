using FsCheck.Xunit;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed class FlowQuantizerTests
{
    [Theory]
    [InlineData(0f, 128)] // 127.5, half to even
    [InlineData(20f, 255)]
    [InlineData(20.01f, 255)]
    [InlineData(1e9f, 255)]
    [InlineData(-20f, 0)]
    [InlineData(-20.01f, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-8f, 76)] // 76.5
    [InlineData(8f, 178)] // 178.5
    [InlineData(1f, 134)] // 133.875
    public void Maps_motion_to_levels_like_denseflow(float motion, byte level) => Assert.Equal(level, FlowQuantizer.ToLevel(motion));

    [Property]
    public bool Is_monotonic_and_within_half_a_level(float a, float b)
    {
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        var inRange = float.IsFinite(a) && Math.Abs(a) <= 20;
        return (float.IsNaN(a) || float.IsNaN(b) || FlowQuantizer.ToLevel(low) <= FlowQuantizer.ToLevel(high))
            && (!inRange || Math.Abs(FlowQuantizer.ToLevel(a) - (255 * (a + 20.0) / 40)) <= 0.5);
    }

    [Fact]
    public void A_field_gets_the_level_of_each_value()
    {
        var flow = new FlowField(3, 1);
        new float[] { -30, 0.2f, 7 }.CopyTo(flow.X, 0);
        new float[] { 3, -3, 19.99f }.CopyTo(flow.Y, 0);
        var expected = (flow.X.Select(x => (float)FlowQuantizer.ToLevel(x)).ToArray(), flow.Y.Select(y => (float)FlowQuantizer.ToLevel(y)).ToArray());
        FlowQuantizer.ToLevels(flow);
        Assert.Equal(expected.Item1, flow.X);
        Assert.Equal(expected.Item2, flow.Y);
    }
}
