using Mofo.ML.Benchmarks.Clips;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Memory;
using Mofo.ML.Benchmarks.Pipelines;
using Mofo.ML.Benchmarks.Steps;
using Mofo.ML.Trainers;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks;

/// <summary>Which benchmarks belong together.</summary>
internal static class Suites
{
    /// <summary>Above it finetuning is measured in bfloat16 alone: the reference style keeps some 2.8 GB of attention scores a clip, and three networks at once are more than 24 GB hold.</summary>
    private const int LargestReferenceFinetuning = 4;

    /// <summary>About two minutes on two quiet cores.</summary>
    public static int Quick() => Pretraining(1, 3) + Classifier(1, 1);

    public static int All() =>
        Pretraining(1, 5) + Pretraining(2, 5) + Pretraining(8, 3) + Classifier(1, 3) + Classifier(4, 1) + PeakMemory.Run() + StartUp.Run() + StageShares.Run()
        + Waiting.Run() + Loading() + FlatMemory.Run(2_000, 10_000) + PrecisionCurves.Run() + Growth.Run() + VideoLength.Run()
        + OnnxAgainstTorch.Run("base", 1, 3) + OnnxAgainstTorch.Run("small", 8, 3);

    public static int Pretraining(int batch, int rounds)
    {
        Interleaved.Run(
            $"Pretraining step, ViT-B, batch {batch}",
            [
                PretrainingSteps.Reference(VitConfig.Base, batch),
                PretrainingSteps.Ours(VitConfig.Base, batch, ScalarType.Float32),
                PretrainingSteps.Ours(VitConfig.Base, batch, ScalarType.BFloat16),
                MatrixLimit.Of(ScalarType.Float32),
                MatrixLimit.Of(ScalarType.BFloat16),
            ],
            rounds);
        return 0;
    }

    public static int Classifier(int batch, int rounds)
    {
        var reference = ClassifierSteps.Reference(VitConfig.Base, batch);
        var wide = ClassifierSteps.Ours(VitConfig.Base, batch, ScalarType.Float32);
        var narrow = ClassifierSteps.Ours(VitConfig.Base, batch, ScalarType.BFloat16);
        Candidate[] limits = [MatrixLimit.Of(ScalarType.Float32), MatrixLimit.Of(ScalarType.BFloat16)];
        Interleaved.Run($"Scoring, ViT-B, batch {batch}", [reference.Scoring, wide.Scoring, narrow.Scoring, .. limits], rounds);
        Interleaved.Run(
            $"Finetuning step, ViT-B, batch {batch}",
            batch <= LargestReferenceFinetuning ? [reference.Finetuning, wide.Finetuning, narrow.Finetuning, .. limits] : [narrow.Finetuning, .. limits],
            rounds);
        return 0;
    }

    public static int Usage()
    {
        Console.Error.WriteLine(
            "usage: Mofo.ML.Benchmarks quick | all | pretraining BATCH ROUNDS | classifier BATCH ROUNDS | threads | workers [ROUNDS] | memory | flat | startup | waiting | stages | growth | length | onnx SIZE BATCH ROUNDS | precision | "
            + "clips <folder with .mp4 files> | operations |\n"
            + "gpu [small] [PARTS] | gpu-check | motion-speed CLIP [FLOWS [ROUNDS]] | motion-boxes VIDEOS FOLDER [FLOWS [MOST [FRAMES]]] | motion-truth [FLOWS] | motion-long FILE\n"
            + "MOFO_BENCH_THREADS=1 sets torch's threads: on a busy machine one thread and its processor time tell more than the clock.");
        return 1;
    }

    private static int Loading() => RealVideos.Folder is { } folder ? ClipLoading.Run(folder) : RealVideos.Absent();
}
