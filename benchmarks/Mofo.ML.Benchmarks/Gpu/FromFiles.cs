using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Pipelines;
using Mofo.ML.Trainers;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>Whole pretrainings from mp4 files, as a user runs them: decoded again in every epoch, or kept on the card.</summary>
internal static class FromFiles
{
    public static int Run(GpuSizes sizes)
    {
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        var cores = Environment.ProcessorCount;
        var isSmall = sizes.SmallBatch < 32;
        Console.WriteLine($"\n### From mp4 files (426x240 h264), {cores} cores, {cores} decode threads\n\n| | batch | clips/s from the second epoch on | waiting for clips |\n|---|---|---|---|");
        var batch = sizes.Batches[^1];
        Train($"{sizes.NetworkName}, decoded in every epoch", sizes.Network, batch, isSmall ? 1 : 20, epochs: 2, memory: 0);
        var loader = new VitConfig { ImageSize = 224, PatchSize = 16, EmbedDim = 48, Depth = 1, Heads = 3, DecoderDim = 24, DecoderDepth = 1, DecoderHeads = 3 };
        Train($"the loader's own pace: {(isSmall ? sizes.NetworkName : "224 px, width 48")}", isSmall ? sizes.Network : loader, batch, isSmall ? 1 : 20, epochs: 2, memory: 0);
        Train($"{sizes.NetworkName}, clips on the card", sizes.Network, batch, isSmall ? 1 : 20, epochs: 3, memory: 16000);
        Train($"{sizes.SmallNetworkName}, clips on the card", sizes.SmallNetwork, sizes.SmallBatch, isSmall ? 2 : 32, epochs: isSmall ? 2 : 8, memory: 4000);
        return 0;
    }

    private static void Train(string name, VitConfig model, int batch, int steps, int epochs, int memory)
    {
        var ml = ComputeDevice.Context();
        var files = RealVideos.Files(40);
        var rows = VideoOfClass.From(Enumerable.Range(0, steps * batch).Select(i => files[i % files.Length]));
        var (clock, startOfSecond, waited) = (Stopwatch.StartNew(), TimeSpan.Zero, 0.0);
        var options = new MofoPretrainingOptions
        {
            Model = model,
            Epochs = epochs,
            BatchSize = batch,
            ClipMemory = memory,
            DecodeThreads = Environment.ProcessorCount,
            Progress = new ImmediateProgress<TrainingProgress>(p =>
            {
                waited = p.WaitedShare;
                startOfSecond = p.Epoch == 1 ? clock.Elapsed : startOfSecond;
            }),
        };
        using var fitted = ml.Transforms.PretrainMofo(options: options).Fit(ml.Data.LoadFromEnumerable(rows));
        ComputeDevice.Wait();
        var pace = (epochs - 1) * rows.Count / (clock.Elapsed - startOfSecond).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {batch} | {pace:0} | {waited:0%} of the whole run |"));
    }
}
