using System.Diagnostics;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>How well the boxes of fast flows agree with those of TV-L1 on real clips: mean IoU of unions and of single frames.</summary>
/// <remarks>TV-L1 takes most of the time; its flows are kept in a folder, so that further flows and other rules can be compared later.</remarks>
internal static class BoxAgreement
{
    /// <summary>Longer clips are compared up to here.</summary>
    private const int MostFrames = 150;

    /// <param name="root">Folder of the clips, see <see cref="RealClip.Of"/>.</param>
    /// <param name="folder">Where the flows of TV-L1 are kept.</param>
    /// <param name="names">Flows, with semicolons between; null for all.</param>
    /// <param name="most">Clips at most.</param>
    /// <param name="frames">Frames of each clip at most.</param>
    public static int Run(string root, string folder, string? names, int most = int.MaxValue, int frames = MostFrames)
    {
        Directory.CreateDirectory(folder);
        var candidates = FlowCandidates.Named(names).Where(c => c.Name != FlowCandidates.Reference).ToArray();
        var fast = candidates.Select(c => new MotionDetector(new MotionDetectionOptions { FlowThreads = 1 }, c.Make)).ToArray();
        var rows = new List<(RealClip Clip, int Candidate, double Union, double PerFrame)>();
        Console.WriteLine("set\tuse\tclip\tframes\tfound\t" + string.Join('\t', candidates.Select(c => $"{c.Name} union\t{c.Name} frame\t{c.Name} s")));
        foreach (var clip in RealClip.Of(root).Take(most))
        {
            var address = VideoSegment.OfFrames(clip.Path, null, frames).ToString();
            var flows = Path.Combine(folder, $"{clip.Set}-{Path.GetFileName(clip.Path)}-{frames}.flows");
            KeptFlow.Keep(address, flows, (w, h) => new TvL1Flow(w, h));
            var truth = new MotionDetector(new MotionDetectionOptions { FlowThreads = 1 }, (w, h) => new KeptFlow(flows, w, h)).Detect(address);
            Console.Write($"{clip.Set}\t{(clip.ForTuning ? "tune" : "held out")}\t{Path.GetFileName(clip.Path)}\t{truth.PerFrame.Count}\t{truth.MotionFound}");
            for (var i = 0; i < candidates.Length; i++)
            {
                var clock = Stopwatch.StartNew();
                var track = fast[i].Detect(address);
                var (union, perFrame) = (
                    track.Union.IntersectionOverUnion(truth.Union), track.PerFrame.Zip(truth.PerFrame, (a, b) => a.IntersectionOverUnion(b)).Average());
                rows.Add((clip, i, union, perFrame));
                Console.Write($"\t{union:F3}\t{perFrame:F3}\t{clock.Elapsed.TotalSeconds:F2}");
            }

            Console.WriteLine();
        }

        foreach (var group in rows.GroupBy(r => (r.Candidate, r.Clip.ForTuning)))
        {
            Summarise($"{candidates[group.Key.Candidate].Name,-14} {(group.Key.ForTuning ? "tune" : "held out")}", [.. group]);
        }

        foreach (var group in rows.GroupBy(r => (r.Candidate, r.Clip.Set)).OrderBy(g => g.Key.Candidate))
        {
            Summarise($"{candidates[group.Key.Candidate].Name,-14} {group.Key.Set}", [.. group]);
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            Summarise($"{candidates[i].Name,-14} all", [.. rows.Where(r => r.Candidate == i)]);
        }

        return 0;
    }

    private static void Summarise(string what, List<(RealClip Clip, int Candidate, double Union, double PerFrame)> rows) => Console.WriteLine(
        $"# {what,-30} {rows.Count,4} clips: union {rows.Average(r => r.Union):F3} (below 0.5: {rows.Count(r => r.Union < 0.5)}), per frame {rows.Average(r => r.PerFrame):F3}");
}
