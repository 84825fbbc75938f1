using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.MotionBoxes;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>Frames per second of every stage of the detector, all stages in turn in every round, so that a busy machine is busy for all of them.</summary>
/// <remarks>One core: processor time of the process. Two cores: wall time of two clips at once, which only a quiet machine shows well.</remarks>
internal static class MotionSpeed
{
    private const int Most = 36;

    /// <param name="clip">A video file.</param>
    /// <param name="names">Flows, with semicolons between; null for all.</param>
    /// <param name="rounds">How often everything runs.</param>
    public static int Run(string clip, string? names, int rounds = 3)
    {
        Cv2.SetNumThreads(1); // OpenCV's own threads would hide what a core does
        using var reader = FrameReader.Open(clip);
        var whole = reader.CountFrames();
        var count = Math.Min(Most, whole);
        var frames = reader.ReadAt([.. Enumerable.Range(0, count)], frame => frame);
        var size = new ReducedPicture(reader.Width, reader.Height, 0);
        var grays = Array.ConvertAll(frames, frame => size.ToGray(frame));
        var stages = Stages(clip, reader.Width, reader.Height, whole, grays, [.. FlowCandidates.Named(names)]);
        var one = new TimeSpan[stages.Count];
        var two = new TimeSpan[stages.Count];
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < stages.Count; i++)
            {
                var (cpu, clock) = (Environment.CpuUsage.TotalTime, System.Diagnostics.Stopwatch.StartNew());
                stages[i].Make()();
                var used = Environment.CpuUsage.TotalTime - cpu;
                clock.Restart();
                Parallel.Invoke(stages[i].Make(), stages[i].Make());
                one[i] += round < 0 ? TimeSpan.Zero : used;
                two[i] += round < 0 ? TimeSpan.Zero : clock.Elapsed;
            }
        }

        Console.WriteLine($"{Path.GetFileName(clip)}, {reader.Width}x{reader.Height}, {count} frames, {rounds} rounds\n");
        Console.WriteLine("| stage | frames/s, one core | frames/s, two cores (wall) | ratio to TV-L1 flow | ratio to detection by TV-L1 |\n|---|---|---|---|---|");
        var (flow, detection) = (Reference("flow", ""), Reference("detection", ", the whole clip"));
        for (var i = 0; i < stages.Count; i++)
        {
            Console.WriteLine($"| {stages[i].Name} | {1000 / PerFrame(i):F0} | {2000.0 * stages[i].Frames * rounds / two[i].TotalMilliseconds:F0} | {flow / PerFrame(i):F1} | {detection / PerFrame(i):F1} |");
        }

        return 0;

        double Reference(string stage, string of) => stages.FindIndex(s => s.Name == $"{stage} {FlowCandidates.Reference}{of}") is >= 0 and var found ? PerFrame(found) : double.NaN;

        double PerFrame(int stage) => one[stage].TotalMilliseconds / (rounds * stages[stage].Frames);
    }

    private static List<(string Name, int Frames, Func<Action> Make)> Stages(
        string clip, int width, int height, int whole, byte[][] grays, IReadOnlyList<(string Name, FlowMaker Make)> candidates)
    {
        var count = grays.Length;
        var size = MapSize.Of(width, height, mayHalve: true);
        var flows = Enumerable.Range(0, count - 1).Select(_ => new FlowField(size.Width, size.Height)).ToArray();
        using (IOpticalFlow dis = size.Reduction == 2 ? new HalvedFlow(width, height, new DisFlow(width, height)) : new DisFlow(width, height))
        {
            for (var i = 0; i < flows.Length; i++)
            {
                dis.Compute(grays[i], grays[i + 1], flows[i]);
            }
        }

        var stages = new List<(string Name, int Frames, Func<Action> Make)> { ("decode alone", count, () => () => Decode(clip, count)) };
        foreach (var (name, make) in candidates)
        {
            stages.Add(($"flow {name}", flows.Length, () => () => Flow(make, width, height, grays)));
        }

        stages.Add(("map, camera taken off", flows.Length, () => () => Maps(flows, size, boxes: false)));
        stages.Add(("map and boxes", flows.Length, () => () => Maps(flows, size, boxes: true)));
        foreach (var (name, make) in candidates.Where(c => c.Name is FlowCandidates.Reference or "farneback" or "farneback/2" or "dis"))
        {
            stages.Add(($"detection {name}, the whole clip", whole, () => () => Detect(make, clip)));
        }

        return stages;
    }

    private static void Decode(string clip, int count)
    {
        using var reader = FrameReader.Open(clip);
        reader.ReadAt([.. Enumerable.Range(0, count)], frame => frame);
    }

    private static void Flow(FlowMaker make, int width, int height, byte[][] grays)
    {
        using var method = make(width, height);
        var into = new FlowField(width, height);
        for (var i = 0; i + 1 < grays.Length; i++)
        {
            method.Compute(grays[i], grays[i + 1], into);
        }
    }

    private static void Maps(FlowField[] flows, MapSize size, bool boxes)
    {
        var options = new MotionDetectionOptions();
        var camera = new CameraMotion(size.Width, size.Height);
        var builder = new MotionMapBuilder(size.Width, size.Height, options.Window, 8 / size.Reduction);
        using var finder = new BoxFinder(size.Width, size.Height, new PaperRules(options).FinderSettings(size.Width, size.Height));
        var work = new FlowField(size.Width, size.Height);
        foreach (var flow in flows)
        {
            flow.X.CopyTo(work.X, 0);
            flow.Y.CopyTo(work.Y, 0);
            camera.Remove(work, 12 / size.Reduction, PictureArea.Whole(work.Width, work.Height));
            builder.Add(work);
            while (builder.TryTake(out var map))
            {
                if (boxes)
                {
                    finder.Find(map);
                }
            }
        }
    }

    /// <summary>The whole clip, from the file to boxes.</summary>
    private static void Detect(FlowMaker make, string clip) => new MotionDetector(new MotionDetectionOptions { FlowThreads = 1 }, make).Detect(clip);
}
