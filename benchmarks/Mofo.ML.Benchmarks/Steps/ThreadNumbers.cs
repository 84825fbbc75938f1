using System.Diagnostics;
using System.Globalization;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Training.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>One torch thread against one for each processor, for the steps of each network: alone, and beside as many busy processes as there are processors.</summary>
internal static class ThreadNumbers
{
    /// <summary>A measurement repeats its step until it has taken this long.</summary>
    private const double SecondsOfOne = 0.2;

    public static int Run(int rounds)
    {
        var most = Environment.ProcessorCount;
        if (most < 2)
        {
            Console.WriteLine("Left out: there is one processor only.");
            return 0;
        }

        var before = get_num_threads();
        var networks = Networks();
        networks.ForEach(network => network.Step.Run()); // warm-up, with all threads

        var alone = networks.ConvertAll(network => Compare(network.Step, most, rounds));
        List<Ratios> beside;
        using (new BusyProcesses())
        {
            beside = networks.ConvertAll(network => Compare(network.Step, most, rounds));
        }

        set_num_threads(before);
        var chosen = ComputeThreads.Choose(asked: 0, before, most, local: 1, isSetByUser: false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n### Torch threads: {most} against 1, in turns, {rounds} rounds, medians of the ratio within a round (least - most)\n"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| step | 10^9 operations | one thread, s | times faster with {most} threads: alone | beside {most} busy processes | ComputeThreads = 0 takes | of the best: alone | beside busy processes |"));
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (((name, step), quiet), loud) in networks.Zip(alone).Zip(beside))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {step.GigaFlops:0.0} | {quiet.OneThread:0.000} | {quiet} | {loud} | {chosen} | {quiet.ShareOfBest(chosen, most):0%} | {loud.ShareOfBest(chosen, most):0%} |"));
        }

        return 0;
    }

    private static List<(string Name, Candidate Step)> Networks()
    {
        var type = ComputeTypes.Choose(Precision.Auto, CPU);
        return
        [
            Pretraining("Micro", VitConfig.Micro, 32),
            Finetuning("Micro", VitConfig.Micro, 16),
            Pretraining("Tiny", VitConfig.Tiny, 16),
            Finetuning("Tiny", VitConfig.Tiny, 4),
            Pretraining("Small", VitConfig.Small, 2),
            Pretraining("Base", VitConfig.Base, 1),
        ];

        (string, Candidate) Pretraining(string name, VitConfig model, int batch) => ($"{name}, pretraining, batch {batch}", PretrainingSteps.Ours(model, batch, type));

        (string, Candidate) Finetuning(string name, VitConfig model, int batch) => ($"{name}, finetuning, batch {batch}", ClassifierSteps.Ours(model, batch, type).Finetuning);
    }

    private static Ratios Compare(Candidate step, int most, int rounds)
    {
        var (ratios, ones) = (new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            // The order changes from round to round, so that neither is always the first.
            var first = round % 2 == 0 ? 1 : most;
            var (a, b) = (Seconds(step, first), Seconds(step, first == 1 ? most : 1));
            var (one, all) = first == 1 ? (a, b) : (b, a);
            (ratios[round], ones[round]) = (one / all, one);
        }

        return new Ratios(ratios, Interleaved.Median(ones));
    }

    private static double Seconds(Candidate step, int threads)
    {
        set_num_threads(threads);
        var (clock, runs) = (Stopwatch.StartNew(), 0);
        do
        {
            step.Run();
            runs++;
        }
        while (clock.Elapsed.TotalSeconds < SecondsOfOne);
        return clock.Elapsed.TotalSeconds / runs;
    }

    /// <summary>How many times faster all threads are than one.</summary>
    private sealed record Ratios(double[] All, double OneThread)
    {
        public double Median => Interleaved.Median(All);

        public double ShareOfBest(int chosen, int most) => (chosen == most ? Median : 1) / Math.Max(1, Median);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} ({All.Min():0.00} - {All.Max():0.00})");
    }
}
