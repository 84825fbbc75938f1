using Microsoft.ML;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Trainers;

namespace Mofo.ML.Benchmarks.Pipelines;

/// <summary>Whether a trainer waits for clips: pretraining on real 240-line mp4 files, decoded again in every epoch.</summary>
internal static class Waiting
{
    public static int Run()
    {
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        Console.WriteLine("\n### Share of a training's time spent waiting for clips (426x240 h264)\n\n| network | steps | clips/s | waited |\n|---|---|---|---|");
        Train("ViT-B, 224 px, batch 2", VitConfig.Base, 8, 2);
        Train("ViT-S, 112 px, batch 8", VitConfig.Small with { ImageSize = 112 }, 32, 8);
        var tiny = new VitConfig { ImageSize = 64, EmbedDim = 48, Depth = 2, Heads = 3, DecoderDim = 24, DecoderDepth = 1, DecoderHeads = 3 };
        Train("width 48, 64 px, batch 8: the loader's own pace", tiny, 40, 8);
        return 0;
    }

    private static void Train(string name, VitConfig model, int videos, int batch)
    {
        var ml = new MLContext(1);
        TrainingProgress? last = null;
        var options = new MofoPretrainingOptions { Model = model, Epochs = 2, BatchSize = batch, Progress = new ImmediateProgress<TrainingProgress>(p => last = p) };
        using var fitted = ml.Transforms.PretrainMofo(options: options).Fit(ml.Data.LoadFromEnumerable(VideoOfClass.From(RealVideos.Files(videos))));
        Console.WriteLine($"| {name} | {last!.Step} | {last.ClipsPerSecond:0.0} | {last.WaitedShare:0.0%} |");
    }
}
