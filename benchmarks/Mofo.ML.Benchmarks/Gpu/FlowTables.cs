using System.Diagnostics;
using System.Globalization;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Pipelines;
using Mofo.ML.Trainers.OpticalFlow;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MotionBoxes;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>Motion detection from mp4 files with the flow of the CPU and that of the card: frames a second, and how well the boxes agree.</summary>
internal static class FlowTables
{
    public static int Run(GpuSizes sizes)
    {
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        var files = RealVideos.Files(sizes.SmallBatch < 32 ? 1 : 32);
        Console.WriteLine($"\n### Motion detection, {files.Length} files, {Environment.ProcessorCount} cores\n\n| flow | frames/s | IoU of the union with the CPU's: mean | least |\n|---|---|---|---|");
        var options = new MotionDetectionOptions { FlowThreads = 1 };
        var expected = Detect("DIS on the CPU, a file on each core", files, new MotionDetector(options), Environment.ProcessorCount, null);
        foreach (var atOnce in new[] { 1, 4 })
        {
            _ = Detect($"DIS on {ComputeDevice.Chosen}, {atOnce} files at once", files, new MotionDetector(options, (width, height) => new DisTensorFlow(width, height, ComputeDevice.Chosen)), atOnce, expected);
        }

        Pairs(sizes);
        return 0;
    }

    private static BoxTrack[] Detect(string name, string[] files, MotionDetector detector, int atOnce, BoxTrack[]? expected)
    {
        _ = detector.Detect(files[0]); // warm-up
        var clock = Stopwatch.StartNew();
        var tracks = new BoxTrack[files.Length];
        _ = Parallel.For(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, i => tracks[i] = detector.Detect(files[i]));
        var pace = tracks.Sum(track => track.PerFrame.Count) / clock.Elapsed.TotalSeconds;
        var overlaps = expected is null ? [] : tracks.Zip(expected, (a, b) => Overlap(a.Union, b.Union)).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {pace:0} | {(overlaps.Length == 0 ? "" : $"{overlaps.Average():0.000}")} | {(overlaps.Length == 0 ? "" : $"{overlaps.Min():0.000}")} |"));
        return tracks;
    }

    /// <summary>The flow alone, without decoding.</summary>
    private static void Pairs(GpuSizes sizes)
    {
        var (width, height) = sizes.SmallBatch < 32 ? (64, 48) : (320, 240);
        using var flow = new DisTensorFlow(width, height, ComputeDevice.Chosen);
        var random = new Random(1);
        var frames = Enumerable.Range(0, flow.Pairs + 1).Select(_ => new byte[width * height]).ToList();
        frames.ForEach(random.NextBytes);
        var fields = Enumerable.Range(0, flow.Pairs).Select(_ => new FlowField((width + 1) / 2, (height + 1) / 2)).ToArray();
        var (middle, _, _) = GpuClock.PerStep(sizes with { Steps = 2, Rounds = 3 }, () => flow.Compute(frames, fields));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| DIS alone on {ComputeDevice.Chosen}, {width}x{height}, {flow.Pairs} pairs at once | {flow.Pairs / middle * 1000:0} | | |"));
    }

    private static double Overlap(MotionBox a, MotionBox b)
    {
        double Area(MotionBox box) => box.IsEmpty ? 0 : (box.X2 - box.X1) * (double)(box.Y2 - box.Y1);
        var (common, sum) = (Area(a.Intersect(b)), Area(a) + Area(b));
        return sum == 0 ? 1 : common / (sum - common);
    }
}
