using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Gpu;

/// <summary>Pretraining of a small network on clips that lie on the card: cut there in every step.</summary>
internal static class OnCardSteps
{
    private const int Videos = 32;
    private const int FramesKept = 64;

    public static int Run(GpuSizes sizes)
    {
        var config = sizes.SmallNetwork;
        var (height, width) = (config.ImageSize * 3 / 2, config.ImageSize * 2);
        var random = new Random(1);
        var videos = Enumerable.Range(0, Videos).Select(_ => new CardVideo([.. Enumerable.Range(0, FramesKept).Select(_ => Noise(width, height, random))], (width, height), ComputeDevice.Chosen)).ToArray();
        var options = new MofoPretrainingOptions { Model = config, MotionMaskRatio = null, FrameStride = 2 };
        var (crop, masking) = (new MultiScaleCrop(config.ImageSize), PretrainingClips.MaskingOf(options));
        var clips = Enumerable.Range(0, sizes.SmallBatch).Select(i =>
        {
            var whole = videos[i % Videos].Views(new ClipSource("noise", default), frames => [FrameSampling.Pretraining(frames, config.Frames, options.FrameStride, random)])[0];
            using var clip = crop.Apply(whole, random);
            return PretrainingClips.Prepare("noise", clip, masking, config, random, (c, n) => new ByteClip(c, n));
        }).ToArray();
        StepTables.Row(sizes with { NetworkName = sizes.SmallNetworkName }, "pretraining step, clips on the card, cut there", sizes.SmallBatch, ScalarType.BFloat16, TrainingSteps.Pretraining(config, ScalarType.BFloat16, clips));
        return 0;
    }

    private static Frame Noise(int width, int height, Random random)
    {
        var pixels = new byte[width * height * 3];
        random.NextBytes(pixels);
        return new Frame(width, height, pixels);
    }
}
