using Microsoft.ML;
using Mofo.ML.Research;
using Mofo.ML.Trainers.OpticalFlow;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.MotionStages;
using Mofo.ML.Transforms.OpticalFlow;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.OpticalFlow;

public sealed class TvL1TensorFlowTests
{
    private static readonly TvL1Parameters Short = new() { Warps = 3, OuterIterations = 3, InnerIterations = 12 };

    [Theory]
    [InlineData(64, 48, 1.3, -0.6)]
    [InlineData(61, 47, -2.25, 1.5)]
    [InlineData(16, 20, 0.5, 0.5)]
    public void Agrees_with_the_flow_on_the_CPU(int width, int height, double x, double y)
    {
        // Both sum the change in another order, so that one may stop an iteration earlier; that moves the flow by about epsilon.
        // A GPU looks at the change after every fifth iteration, so it makes up to four more.
        var most = TestDevice.Chosen.type == DeviceType.CPU ? 0.005 : 0.04;
        Assert.InRange(DistanceToTheCpu(Short, width, height, x, y), 0, most);
    }

    [Theory]
    [InlineData(64, 48, 1.3, -0.6)]
    [InlineData(61, 47, -2.25, 1.5)]
    public void With_all_iterations_only_rounding_differs(int width, int height, double x, double y) =>
        Assert.InRange(DistanceToTheCpu(Short with { Epsilon = 0 }, width, height, x, y), 0, 0.001);

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        var (from, to) = Pair(32, 24, 1, 0);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        using (var tensors = new TvL1TensorFlow(32, 24, Short with { Warps = 1 }, TestDevice.Chosen))
        {
            tensors.Compute(from, to, new FlowField(32, 24));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_refused_unless_falling_back_is_allowed()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "There is a GPU.");
        var options = new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.TvL1 };
        var host = new StageHost(StageHost.EnvironmentOf(new MLContext { GpuDeviceId = 0, FallbackToCpu = true }.Transforms), "test");
        Assert.Null(DeviceFlow.For(options, host));
        var error = Assert.Throws<InvalidOperationException>(() => new MLContext { GpuDeviceId = 0, FallbackToCpu = false }.Transforms.DetectMotion(options).Fit(Videos()));
        Assert.Contains("no CUDA device can be used", error.Message);

        // Other flows need no GPU, so none is missed.
        Assert.NotNull(new MLContext { GpuDeviceId = 0, FallbackToCpu = false }.Transforms.DetectMotion(new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.Dis }).Fit(Videos()));
    }

    private static IDataView Videos() => new MLContext().Data.LoadFromEnumerable(new[] { new { VideoPath = "none.mp4" } });

    /// <summary>In pixels, over a flow that is not zero.</summary>
    private static double DistanceToTheCpu(TvL1Parameters parameters, int width, int height, double x, double y)
    {
        var (from, to) = Pair(width, height, x, y);
        using var vectors = new TvL1Flow(width, height, parameters);
        using var tensors = new TvL1TensorFlow(width, height, parameters, TestDevice.Chosen);
        var (expected, found) = (new FlowField(width, height), new FlowField(width, height));
        vectors.Compute(from, to, expected);
        tensors.Compute(from, to, found);
        Assert.InRange(expected.X.Average(), Math.Min(0, 2 * x), Math.Max(0, 2 * x));
        Assert.True(Math.Abs(expected.X.Average()) > 0.2);
        return MeanDistance(expected, found);
    }

    private static double MeanDistance(FlowField a, FlowField b) =>
        Enumerable.Range(0, a.X.Length).Average(i => Math.Sqrt(Math.Pow(a.X[i] - b.X[i], 2) + Math.Pow(a.Y[i] - b.Y[i], 2)));

    private static (byte[] From, byte[] To) Pair(int width, int height, double x, double y)
    {
        byte At(double px, double py) => (byte)Math.Round(128 + (50 * Math.Sin(0.4 * px) * Math.Cos(0.33 * py)) + (40 * Math.Sin((0.13 * px) + (0.21 * py))));
        byte[] Render(double dx, double dy) => [.. Enumerable.Range(0, width * height).Select(i => At((i % width) - dx, (i / width) - dy))];
        return (Render(0, 0), Render(x, y));
    }
}
