using Mofo.ML.Research;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Row to training clip: sample frames with jitter, augment. Runs on the loader's threads.</summary>
internal sealed class FinetuningClips(IReadOnlyList<TrainingRow> rows, MofoFinetuningOptions options, IClipSource reader, PixelMaker? makePixels = null)
{
    private readonly ClipSteps _steps = new([.. Steps(options)]);

    private readonly RandomErasing? _erasing = options.RandomErasing > 0 ? new(options.RandomErasing) : null;

    /// <summary>The clips of one video, decoded in one pass.</summary>
    public IReadOnlyList<FinetuningClip> Load(ClipOrder order, Random random, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var row = rows[order.Item];
        return ClipsOfVideo.Make(reader, row.Source, options, frames => Sample(frames, random), read =>
        {
            using var clip = _steps.Apply(read, random);
            var pixels = (makePixels ?? PixelBuffer.Of)(clip, null);
            var shape = new ClipShape(3, clip.Length, clip.Height, clip.Width);
            if (_erasing?.Draw(shape, random) is { } erasure)
            {
                pixels.Erase(erasure, shape);
            }

            return new FinetuningClip(row.Source.VideoPath, pixels, clip.Boxes, row.Label, row.Weight);
        });
    }

    private static IEnumerable<IClipStep> Steps(MofoFinetuningOptions options)
    {
        // As the original: whole frames are changed, then cut; erasing comes last, on normalised pixels.
        if (options.RandAugment is { } policy)
        {
            yield return new RandAugment(RandAugmentPolicy.Parse(policy));
        }

        yield return new RandomResizedCrop(options.Model.ImageSize) { MinArea = options.MinCropArea };
        if (options.HorizontalFlip)
        {
            yield return new HorizontalFlip();
        }

        // On the finished crop, as timm does: fewer pixels, and the contrast of what is seen.
        if (options.ColorJitter > 0)
        {
            yield return new ColorJitter(options.ColorJitter);
        }

        if (options.GrayProbability > 0)
        {
            yield return new RandomGray(options.GrayProbability);
        }
    }

    private int[] Sample(int frames, Random random) => (options.Sampling, options.SegmentFrame) switch
    {
        (ClipSampling.Dense, _) => FrameSampling.DenseJittered(frames, options.Model.Frames, options.FrameStride, random),
        (_, SegmentFrame.AroundMiddle) => FrameSampling.UniformMiddlesJittered(0, frames, options.Model.Frames, random),
        (_, SegmentFrame.Released) => FrameSampling.UniformJitteredReleased(frames, options.Model.Frames, random),
        _ => FrameSampling.UniformJittered(frames, options.Model.Frames, random),
    };
}
