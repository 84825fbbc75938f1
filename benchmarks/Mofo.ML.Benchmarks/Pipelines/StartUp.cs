using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Pipelines;

/// <summary>Saving a ViT-B classifier, loading it in a fresh process, first prediction there.</summary>
internal static class StartUp
{
    public static int Run()
    {
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        var path = Path.Combine(Path.GetTempPath(), $"mofo-startup-{Environment.ProcessId}.zip");
        try
        {
            Save(path);
            var video = RealVideos.Files(1)[0];
            for (var run = 0; run < 4; run++)
            {
                OwnProcess.Run("first-prediction", path, video); // the first one warms the file cache
            }
        }
        finally
        {
            File.Delete(path);
        }

        return 0;
    }

    public static int Child(string model, string video)
    {
        var clock = Stopwatch.StartNew();
        var ml = new MLContext(1);
        var loaded = ml.Model.Load(model, out _);
        var (load, loadProcessor) = (clock.Elapsed, ProcessClock.ProcessorSeconds);
        var data = ml.Data.LoadFromEnumerable<VideoOfClass>([new(video, "even", [60, 40, 200, 180])]);
        var score = loaded.Transform(data).Preview().RowView[0].Values.First(v => v.Key == "Score").Value;
        var first = clock.Elapsed;
        _ = loaded.Transform(data).Preview().RowView;
        Console.WriteLine(
            $"load {load.TotalSeconds:0.00} s, first prediction (one clip) {(first - load).TotalSeconds:0.00} s, together {first.TotalSeconds:0.00} s; the second prediction {(clock.Elapsed - first).TotalSeconds:0.00} s; "
            + $"processor until loaded {loadProcessor:0.00} s, in all {ProcessClock.ProcessorSeconds:0.00} s; peak {ProcessClock.PeakMiB:0} MiB");
        return score is null ? 1 : 0;
    }

    /// <summary>A classifier of random weights: how fast it loads does not depend on what it learned.</summary>
    private static void Save(string path)
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable(VideoOfClass.From(RealVideos.Files(2)));
        var options = new MofoFinetuningOptions { TestSegments = 1, TestCrops = 1 };
        var classes = new ClassNames(nameof(String), ["even", "odd"]);
        using var generator = new Generator(1, CPU);
        var network = new VideoClassifier(options.Model, MofoClassificationTransformer.ShapeOf(classes, options), generator);
        using var model = new MofoClassificationTransformer(ml, new VideoInputs(nameof(VideoOfClass.VideoPath), nameof(VideoOfClass.MotionBoxes)), classes, options, network, CPU);
        var (before, processor, clock) = (ProcessClock.ResidentMiB, ProcessClock.ProcessorSeconds, Stopwatch.StartNew());
        ml.Model.Save(model, data.Schema, path);
        using var zip = ZipFile.OpenRead(path);
        Console.WriteLine(
            $"\n### Saving and loading a ViT-B classifier\n\nsaved in {clock.Elapsed.TotalSeconds:0.0} s ({ProcessClock.ProcessorSeconds - processor:0.0} s of processor), "
            + $"resident memory {before:0} -> {ProcessClock.ResidentMiB:0} MiB; file {new FileInfo(path).Length >> 20} MiB for {zip.Entries.Sum(e => e.Length) >> 20} MiB of content\n");
    }
}
