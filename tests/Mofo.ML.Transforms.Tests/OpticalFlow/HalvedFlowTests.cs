using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed class HalvedFlowTests
{
    [Theory]
    [InlineData(8, 6)]
    [InlineData(9, 7)]
    public void Gives_the_mean_of_four_in_pixels_of_half_the_size(int width, int height)
    {
        using var flow = new HalvedFlow(width, height, new Ramp(width, height));
        var (halfWidth, halfHeight) = HalvedFlow.SizeOf(width, height);
        var into = new FlowField(halfWidth, halfHeight);
        flow.Compute(new byte[width * height], new byte[width * height], into);

        // The ramp is x in full pixels: at the middle of a block of n full pixels it is (n(i + 1/2) - 1/2), and one half pixel is n of them.
        var (across, down) = ((double)width / halfWidth, (double)height / halfHeight);
        for (var i = 0; i < into.X.Length; i++)
        {
            Assert.Equal((((i % halfWidth) + 0.5) * across - 0.5) / across, into.X[i], 0.06);
            Assert.Equal(3 / down, into.Y[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(OpticalFlowAlgorithm.Dis, 0.03)]
    [InlineData(OpticalFlowAlgorithm.Farneback, 0.03)]
    public void Finds_a_translation_in_half_pixels(OpticalFlowAlgorithm algorithm, double bound)
    {
        const int Width = 160, Height = 121;
        using var method = new HalvedFlow(Width, Height, OpticalFlowFactory.Create(algorithm, Width, Height));
        var (halfWidth, halfHeight) = HalvedFlow.SizeOf(Width, Height);
        FlowField found = new(halfWidth, halfHeight), truth = new(halfWidth, halfHeight);
        Array.Fill(truth.X, -1.125f);
        Array.Fill(truth.Y, 0.5f);
        var (from, to) = SyntheticPair.Translated(Width, Height, -2.25, 1);
        method.Compute(from, to, found);
        Assert.InRange(FlowError.MeanEndPointError(found, truth, margin: 6), 0, bound);
    }

    [Fact]
    public void Pictures_too_small_for_a_half_are_searched_in_full()
    {
        using var dis = new DisFlow(20, 18);
        Assert.False(dis.EndsAtHalf);
        Assert.Throws<ArgumentException>(() => dis.ComputeHalf(new byte[360], new byte[360], new FlowField(10, 9)));
        using var method = new HalvedFlow(20, 18, dis);
        var into = new FlowField(10, 9);
        method.Compute(new byte[360], new byte[360], into);
        Assert.All(into.X.Concat(into.Y), value => Assert.Equal(0, value, 1e-6));
    }

    private sealed class Ramp(int width, int height) : IOpticalFlow
    {
        public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
        {
            Assert.Equal((width, height), (into.Width, into.Height));
            for (var i = 0; i < into.X.Length; i++)
            {
                (into.X[i], into.Y[i]) = (i % width, 3);
            }
        }

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
