using System.Diagnostics;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Pipelines;

/// <summary>From video path to scores: what each stage takes, one video after the other, ViT-B, one view.</summary>
internal static class StageShares
{
    private const int Videos = 5;

    public static int Run()
    {
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        using var generator = new Generator(1);
        using var model = new VideoClassifier(VitConfig.Base, new ClassifierShape(174, MotionFusion.MultiHeadCrossAttention), generator);
        ComputeTypes.Apply(model, ComputeTypes.Choose(Precision.Auto, CPU));
        model.eval();
        var views = new ScoringViews(VitConfig.Base.Frames, VitConfig.Base.ImageSize, ClipSampling.Uniform, 2, Segments: 1, Crops: 1);
        var detector = new MotionDetector(new MotionDetectionOptions());
        var times = new double[3];
        var files = RealVideos.Files(Videos + 1);
        for (var i = 0; i < files.Length; i++)
        {
            float[] boxes = [];
            ViewClip[] clips = [];
            double[] took =
            [
                Processor(() => boxes = detector.Detect(files[i]).ToValues(BoxMode.Union)),
                Processor(() => clips = views.Load(new ClipSource(files[i], boxes))),
                Processor(() => Score(model, clips)),
            ];
            for (var stage = 0; i > 0 && stage < took.Length; stage++)
            {
                times[stage] += took[stage] / Videos;
            }
        }

        Console.WriteLine("\n### From video path to scores, ViT-B, one view: processor seconds per video (426x240, 80-110 frames)\n\n| stage | s | share |\n|---|---|---|");
        foreach (var (name, time) in new[] { "motion boxes (decode, flow, map, boxes)", "clip (decode, crop, resize)", "network" }.Zip(times))
        {
            Console.WriteLine($"| {name} | {time:0.000} | {time / times.Sum():0%} |");
        }

        return 0;
    }

    private static void Score(VideoClassifier model, ViewClip[] clips)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var seen = SeenClips.Of(PixelBatch.Stack([.. clips.Select(c => c.Pixels)], VitConfig.Base, CPU), VitConfig.Base.Input);
        _ = model.call(seen, TokenRegions.Inside(VitConfig.Base, [.. clips.Select(c => c.Boxes)], CPU));
    }

    private static double Processor(Action run) => Measurement.Of(run).ProcessorSeconds;
}
