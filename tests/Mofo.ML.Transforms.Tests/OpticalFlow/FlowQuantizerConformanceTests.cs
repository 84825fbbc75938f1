using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

public sealed class FlowQuantizerConformanceTests
{
    [Fact]
    public void Golden_levels_lie_between_those_of_the_neighbouring_half_precision_flows()
    {
        // The pack stores flows as float16, so the exact flow lies within half a unit in the last place (2^-11 relative) of the stored one.
        foreach (var clip in GoldenFlows.All())
        {
            foreach (var (pair, flow) in clip.Pairs())
            {
                var (x, y) = clip.Levels(pair);
                Assert.Empty(Outside(flow.X, x).Concat(Outside(flow.Y, y)));
            }
        }
    }

    private static IEnumerable<string> Outside(float[] flow, byte[] golden)
    {
        const float Ulp = 1f / 2048;
        const float Subnormal = 3e-8f;
        for (var i = 0; i < flow.Length; i++)
        {
            var slack = (Math.Abs(flow[i]) * Ulp) + Subnormal;
            var (low, high) = (FlowQuantizer.ToLevel(flow[i] - slack), FlowQuantizer.ToLevel(flow[i] + slack));
            if (golden[i] < low || golden[i] > high)
            {
                yield return $"pixel {i}: flow {flow[i]} gives {low}..{high}, golden {golden[i]}";
            }
        }
    }
}
