using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Pipelines;
using Mofo.ML.Trainers;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>Whole trainings of small networks by the library's recipes: what the default makes of the processors, against one thread, torch's threads and workers; alone, and beside busy processes.</summary>
internal static class WorkerNumbers
{
    private const int Videos = 64;

    /// <summary>Epochs before the clock starts: decoding, compilation.</summary>
    private const int FirstEpochs = 2;

    private static readonly int Most = Environment.ProcessorCount;

    private static readonly Setting[] Settings = [new("default", 0, 0), new("one thread", 1, 1), new("torch's threads", Most, 1), new("workers", Most, Most)];

    public static int Run(int rounds)
    {
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        if (Most < 2)
        {
            Console.WriteLine("Left out: there is one processor only.");
            return 0;
        }

        var rows = VideoOfClass.From(RealVideos.Files(Videos));
        Training[] trainings =
        [
            new("Micro, pretraining", (setting, heard) => Pretrain(rows, VitConfig.Micro, 14, setting, heard)),
            new("Micro, finetuning, cross-attention", (setting, heard) => Finetune(rows, VitConfig.Micro, 14, setting, heard)),
            new("Tiny, pretraining", (setting, heard) => Pretrain(rows, VitConfig.Tiny, 4, setting, heard)),
        ];
        var alone = Array.ConvertAll(trainings, training => Measure(training, rounds));
        double[][] beside;
        using (new BusyProcesses())
        {
            beside = Array.ConvertAll(trainings, training => Measure(training, rounds));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n### Workers and threads on {Most} processors, whole trainings in turns, {rounds} rounds, medians, clips/s\n"));
        Console.WriteLine($"| training | {string.Join(" | ", Settings.Select(setting => setting.Name))} | default, of the best |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", Settings.Length + 1))}");
        foreach (var (training, (quiet, loud)) in trainings.Zip(alone.Zip(beside)))
        {
            Print($"{training.Name}, alone", quiet);
            Print(string.Create(CultureInfo.InvariantCulture, $"{training.Name}, beside {Most} busy processes"), loud);
        }

        return 0;
    }

    private static void Print(string name, double[] rates) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", rates.Select(rate => rate.ToString("0", CultureInfo.InvariantCulture)))} | {rates[0] / rates.Max():0%} |"));

    /// <summary>Clips a second of every setting: medians over rounds, each round in another order.</summary>
    private static double[] Measure(Training training, int rounds)
    {
        var rates = Array.ConvertAll(Settings, _ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < Settings.Length; i++)
            {
                var chosen = (i + round) % Settings.Length;
                rates[chosen][round] = Rate(training, Settings[chosen]);
            }
        }

        return Array.ConvertAll(rates, Interleaved.Median);
    }

    private static double Rate(Training training, Setting setting)
    {
        var (clock, from, to, clips) = (Stopwatch.StartNew(), TimeSpan.Zero, TimeSpan.Zero, 0);
        training.Run(setting, new ImmediateProgress<TrainingProgress>(step =>
        {
            if (step.Epoch <= FirstEpochs)
            {
                from = clock.Elapsed;
                return;
            }

            (to, clips) = (clock.Elapsed, clips + Videos * step.Epochs / step.Steps);
        }));
        return clips / (to - from).TotalSeconds;
    }

    private static void Pretrain(List<VideoOfClass> rows, VitConfig model, int epochs, Setting setting, IProgress<TrainingProgress> heard)
    {
        var options = MofoPretrainingOptions.For(rows.Count, model);
        Set(options, epochs, setting, heard);
        var ml = new MLContext(1);
        using var trained = ml.Transforms.PretrainMofo(options).Fit(ml.Data.LoadFromEnumerable(rows));
    }

    private static void Finetune(List<VideoOfClass> rows, VitConfig model, int epochs, Setting setting, IProgress<TrainingProgress> heard)
    {
        var options = MofoFinetuningOptions.For(rows.Count, model: model);
        Set(options, epochs, setting, heard);
        var ml = new MLContext(1);
        var view = ml.Data.LoadFromEnumerable(rows);
        using var trained = ml.MulticlassClassification.Trainers.MofoFinetune(options).Fit(ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view));
    }

    private static void Set(MofoTrainingOptions options, int epochs, Setting setting, IProgress<TrainingProgress> heard) =>
        (options.Epochs, options.WarmupEpochs, options.ComputeThreads, options.Workers, options.Progress) = (epochs, 1, setting.Threads, setting.Workers, heard);

    /// <summary>0 is the library's choice.</summary>
    private sealed record Setting(string Name, int Threads, int Workers);

    private sealed record Training(string Name, Action<Setting, IProgress<TrainingProgress>> Run);
}
