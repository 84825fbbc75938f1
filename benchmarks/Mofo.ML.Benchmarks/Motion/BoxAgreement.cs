using System.Diagnostics;
using Mofo.ML.Transforms;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>How well the boxes of fast flows agree with those of TV-L1 on real clips: mean IoU of unions and of single frames.</summary>
/// <remarks>The boxes of the reference take most of the time; they are kept in a cache folder, and further flows can be compared later.</remarks>
internal static class BoxAgreement
{
    public static int Run(string root, string cacheFolder, string? names, int most = int.MaxValue)
    {
        var candidates = FlowCandidates.Named(names).Where(c => c.Name != FlowCandidates.Reference).ToArray();
        var reference = new MotionDetector(new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.TvL1, FlowThreads = 1, CacheFolder = cacheFolder });
        var fast = candidates.Select(c => new MotionDetector(new MotionDetectionOptions { FlowThreads = 1 }, c.Make)).ToArray();
        var rows = new List<(RealClip Clip, int Candidate, double Union, double PerFrame)>();
        Console.WriteLine("set\tuse\tclip\tframes\tfound\t" + string.Join('\t', candidates.Select(c => $"{c.Name} union\t{c.Name} frame\t{c.Name} s")) + "\ttvl1 s");
        foreach (var clip in RealClip.Of(root).Take(most))
        {
            var clock = Stopwatch.StartNew();
            var truth = reference.Detect(clip.Path);
            var seconds = clock.Elapsed.TotalSeconds;
            Console.Write($"{clip.Set}\t{(clip.ForTuning ? "tune" : "held out")}\t{Path.GetFileName(clip.Path)}\t{truth.PerFrame.Count}\t{truth.MotionFound}");
            for (var i = 0; i < candidates.Length; i++)
            {
                clock.Restart();
                var track = fast[i].Detect(clip.Path);
                var (union, perFrame) = (
                    track.Union.IntersectionOverUnion(truth.Union), track.PerFrame.Zip(truth.PerFrame, (a, b) => a.IntersectionOverUnion(b)).Average());
                rows.Add((clip, i, union, perFrame));
                Console.Write($"\t{union:F3}\t{perFrame:F3}\t{clock.Elapsed.TotalSeconds:F2}");
            }

            Console.WriteLine($"\t{seconds:F2}");
        }

        foreach (var group in rows.GroupBy(r => (r.Candidate, r.Clip.ForTuning)))
        {
            Summarise($"{candidates[group.Key.Candidate].Name,-14} {(group.Key.ForTuning ? "tune" : "held out")}", [.. group]);
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            Summarise($"{candidates[i].Name,-14} all", [.. rows.Where(r => r.Candidate == i)]);
        }

        return 0;
    }

    private static void Summarise(string what, List<(RealClip Clip, int Candidate, double Union, double PerFrame)> rows) => Console.WriteLine(
        $"# {what,-24} {rows.Count,4} clips: union {rows.Average(r => r.Union):F3} (below 0.5: {rows.Count(r => r.Union < 0.5)}), per frame {rows.Average(r => r.PerFrame):F3}");
}
