namespace Mofo.ML.Benchmarks.Measuring;

/// <summary>Runs candidates in turns, so that a noisy machine disturbs all alike, and prints medians, spread and ratios to the first.</summary>
/// <remarks>
/// A ratio is the median over rounds of the ratio within one round. The processor's ratio (all threads, page faults included) hardly feels other
/// programs; the clock's does.
/// </remarks>
internal static class Interleaved
{
    public static IReadOnlyList<Measurement[]> Run(string title, IReadOnlyList<Candidate> candidates, int rounds)
    {
        foreach (var candidate in candidates)
        {
            candidate.Run(); // warm-up
            ComputeDevice.Wait();
        }

        var measured = candidates.Select(_ => new Measurement[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < candidates.Count; i++)
            {
                measured[i][round] = Measurement.Of(candidates[i].Run);
            }
        }

        Print(title, candidates, measured);
        return measured;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Print(string title, IReadOnlyList<Candidate> candidates, Measurement[][] measured)
    {
        Console.WriteLine();
        Console.WriteLine($"### {title}");
        Console.WriteLine();
        Console.WriteLine("| | s | least - most | processor s | times faster: clock (least - most) | processor | GFLOP/s | of the limit | page faults |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        for (var i = 0; i < candidates.Count; i++)
        {
            var (runs, candidate) = (measured[i], candidates[i]);
            var seconds = Median(runs.Select(r => r.Seconds));
            var ratios = runs.Select((r, round) => measured[0][round].Seconds / r.Seconds).ToArray();
            var processorRatio = Median(runs.Select((r, round) => measured[0][round].ProcessorSeconds / r.ProcessorSeconds));
            Console.WriteLine(
                $"| {candidate.Name} | {seconds:0.000} | {runs.Min(r => r.Seconds):0.000} - {runs.Max(r => r.Seconds):0.000} | {Median(runs.Select(r => r.ProcessorSeconds)):0.00} " +
                $"| {Median(ratios):0.00} ({ratios.Min():0.00} - {ratios.Max():0.00}) | {processorRatio:0.00} | {Rate(candidate, seconds)} | {Share(candidates, measured, i)} " +
                $"| {Median(runs.Select(r => (double)r.PageFaults)):0} |");
        }
    }

    private static string Rate(Candidate candidate, double seconds) => candidate.GigaFlops > 0 ? $"{candidate.GigaFlops / seconds:0}" : "";

    /// <summary>Achieved over the limit's arithmetic per second, median over rounds: by the clock, and by the processor.</summary>
    private static string Share(IReadOnlyList<Candidate> candidates, Measurement[][] measured, int i)
    {
        var limit = candidates.ToList().FindIndex(c => c.Name == candidates[i].Limit);
        if (limit < 0)
        {
            return "";
        }

        var work = candidates[i].GigaFlops / candidates[limit].GigaFlops;
        var clock = Median(measured[i].Select((r, round) => work * measured[limit][round].Seconds / r.Seconds));
        var processor = Median(measured[i].Select((r, round) => work * measured[limit][round].ProcessorSeconds / r.ProcessorSeconds));
        return $"{clock:0%} ({processor:0%})";
    }
}
