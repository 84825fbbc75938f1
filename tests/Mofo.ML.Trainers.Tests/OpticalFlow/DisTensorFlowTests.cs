using Mofo.ML.Tests.Synthetic;
using Mofo.ML.Trainers.OpticalFlow;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OpticalFlow;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.OpticalFlow;

/// <summary>Dense inverse search for whole batches against the one on the CPU. On the CPU, and with MOFO_TEST_DEVICE on a GPU.</summary>
public sealed class DisTensorFlowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-dis-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(64, 48)]
    [InlineData(61, 47)] // sizes that halve unevenly
    [InlineData(13, 20)] // smaller than two patches
    public void Flows_agree_with_those_of_the_CPU(int width, int height)
    {
        var frames = Enumerable.Range(0, 3).Select(i => Render(width, height, 1.3 * i, -0.6 * i)).ToList();
        using var vectors = new DisFlow(width, height);
        using var tensors = new DisTensorFlow(width, height, TestDevice.Chosen);
        var found = Enumerable.Range(0, 2).Select(_ => new FlowField(width, height)).ToArray();
        tensors.Compute(frames, found);
        for (var pair = 0; pair < 2; pair++)
        {
            var expected = new FlowField(width, height);
            vectors.Compute(frames[pair], frames[pair + 1], expected);
            Assert.True(Math.Abs(expected.X.Average()) > 0.2); // not two zeros compared
            Assert.InRange(MeanDistance(expected, found[pair]), 0, 0.05);

            var single = new FlowField(width, height);
            tensors.Compute(frames[pair], frames[pair + 1], single);
            Assert.InRange(MeanDistance(single, found[pair]), 0, 1e-3);
        }
    }

    [Fact]
    public void Boxes_are_those_of_the_CPU()
    {
        var video = ClipFile.Write(SyntheticClip.Render(CameraMotion.Pan, things: 2, seed: 5, frames: 5, width: 192, height: 160).Frames, Path.Combine(_folder, "clip.avi"));
        var options = new MotionDetectionOptions();
        var expected = new MotionDetector(options).Detect(video);
        var found = new MotionDetector(options, (width, height) => new DisTensorFlow(width, height, TestDevice.Chosen)).Detect(video);
        Assert.Equal(expected.PerFrame.Count, found.PerFrame.Count);
        // A pixel of the map is 2 of these small frames: one more or less on a side costs 2 %. Real clips: benchmarks/RESULTS.md.
        Assert.InRange(Overlap(expected.Union, found.Union), 0.95, 1);
    }

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        using (var tensors = new DisTensorFlow(48, 40, TestDevice.Chosen))
        {
            tensors.Compute(Render(48, 40, 0, 0), Render(48, 40, 1, 0), new FlowField(48, 40));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static double Overlap(MotionBox a, MotionBox b)
    {
        double Area(MotionBox box) => box.IsEmpty ? 0 : (box.X2 - box.X1) * (double)(box.Y2 - box.Y1);
        var (common, sum) = (Area(a.Intersect(b)), Area(a) + Area(b));
        return sum == 0 ? 1 : common / (sum - common);
    }

    private static double MeanDistance(FlowField a, FlowField b) =>
        Enumerable.Range(0, a.X.Length).Average(i => Math.Sqrt(Math.Pow(a.X[i] - b.X[i], 2) + Math.Pow(a.Y[i] - b.Y[i], 2)));

    private static byte[] Render(int width, int height, double dx, double dy)
    {
        byte At(double px, double py) => (byte)Math.Round(128 + (50 * Math.Sin(0.4 * px) * Math.Cos(0.33 * py)) + (40 * Math.Sin((0.13 * px) + (0.21 * py))));
        return [.. Enumerable.Range(0, width * height).Select(i => At((i % width) - dx, (i / width) - dy))];
    }
}
