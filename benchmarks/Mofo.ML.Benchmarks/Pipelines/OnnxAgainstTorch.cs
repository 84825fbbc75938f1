using System.Diagnostics;
using Microsoft.ML;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Steps;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Pipelines;

/// <summary>Scoring by TorchSharp and by ONNX Runtime, the same classifier: time in turns, then start-up and memory, each way in a process of its own.</summary>
internal static class OnnxAgainstTorch
{
    private const MotionFusion Fusion = MotionFusion.MultiHeadCrossAttention;
    private static readonly MofoOnnxPrecision[] Precisions = Enum.GetValues<MofoOnnxPrecision>();

    public static int Run(string size, int batch, int rounds)
    {
        var config = ConfigOf(size);
        var folder = Directory.CreateTempSubdirectory("mofo-onnx-");
        try
        {
            using (var model = Build(config))
            {
                foreach (var precision in Precisions)
                {
                    OnnxExporter.Save(FileOf(folder.FullName, precision), model, config, new ClassifierShape(ClassifierSteps.Classes, Fusion), Views(config), Names(), new MofoOnnxExportOptions { Precision = precision });
                }
            }

            Compare(size, config, folder.FullName, batch, rounds);
            Console.WriteLine($"\n### From the start of the process to the scores of one clip, {size}\n\n| | file MiB | load s | first clip s | peak MiB |\n|---|---|---|---|---|");
            OwnProcess.Run("first-clip", size, "torch");
            foreach (var precision in Precisions)
            {
                OwnProcess.Run("first-clip", size, FileOf(folder.FullName, precision));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    /// <summary>Loads one way (TorchSharp with fresh weights, which costs no reading) and scores one clip.</summary>
    public static int Child(string size, string who)
    {
        var config = ConfigOf(size);
        var clock = Stopwatch.StartNew();
        var (run, file) = who == "torch" ? (Torch(Build(config), config, ComputeTypes.Choose(Precision.Auto, CPU)), 0L) : (Onnx(who), new FileInfo(who).Length >> 20);
        var load = clock.Elapsed;
        run(Clips(config, 1));
        Console.WriteLine($"| {(who == "torch" ? "TorchSharp, weights drawn, not read" : Path.GetFileNameWithoutExtension(who))} | {file} | {load.TotalSeconds:0.00} | {(clock.Elapsed - load).TotalSeconds:0.00} | {ProcessClock.PeakMiB:0} |");
        return 0;
    }

    private static void Compare(string size, VitConfig config, string folder, int batch, int rounds)
    {
        var clips = Clips(config, batch);
        var work = batch * StepArithmetic.Scoring(config);
        List<Candidate> candidates = [];
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var run = Torch(Build(config), config, type);
            candidates.Add(new Candidate($"TorchSharp, {type}", () => run(clips), work, Clips: batch));
        }

        foreach (var precision in Precisions)
        {
            var run = Onnx(FileOf(folder, precision));
            candidates.Add(new Candidate($"ONNX Runtime, {precision}", () => run(clips), work, Clips: batch));
        }

        Interleaved.Run($"Scoring with cross-attention, {size}, batch {batch}", [.. candidates], rounds);
    }

    private static Action<IReadOnlyList<ViewClip>> Torch(VideoClassifier model, VitConfig config, ScalarType type)
    {
        ComputeTypes.Apply(model, type);
        model.eval();
        return clips =>
        {
            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            var seen = SeenClips.Of(PixelBatch.Stack([.. clips.Select(c => c.Pixels)], config, CPU), config.Input);
            _ = model.call(seen, TokenRegions.Inside(config, [.. clips.Select(c => c.Boxes)], CPU)).softmax(-1);
        };
    }

    private static Action<IReadOnlyList<ViewClip>> Onnx(string file)
    {
        var network = new OnnxNetwork(OnnxModelFile.Open(file), new MofoOnnxModelOptions { Threads = get_num_threads() }, new StageHost(new MLContext(1), nameof(OnnxAgainstTorch)));
        return clips => network.Run(clips, CancellationToken.None);
    }

    private static VideoClassifier Build(VitConfig config)
    {
        using var generator = new Generator(1);
        return new VideoClassifier(config, new ClassifierShape(ClassifierSteps.Classes, Fusion), generator);
    }

    private static ViewClip[] Clips(VitConfig config, int count) => [.. Enumerable.Range(0, count).Select(seed =>
    {
        using var clip = new Clip(config.Frames, config.ImageSize, config.ImageSize);
        new Random(seed).NextBytes(clip.Pixels);
        var third = config.ImageSize / 3f;
        Array.Fill(clip.Boxes, new(third, third, 2 * third, 2 * third));
        return new ViewClip(new PixelBuffer(clip), clip.Boxes);
    })];

    private static VitConfig ConfigOf(string size) => size switch
    {
        "small" => VitConfig.Small,
        "base" => VitConfig.Base,
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "It must be small or base."),
    };

    private static ScoringViews Views(VitConfig config) => new(config.Frames, config.ImageSize, ClipSampling.Uniform, 2, Segments: 1, Crops: 1);

    private static ClassNames Names() => new(nameof(String), [.. Enumerable.Range(0, ClassifierSteps.Classes).Select(i => $"{i}")]);

    private static string FileOf(string folder, MofoOnnxPrecision precision) => Path.Combine(folder, $"{precision}.onnx");
}
