using Mofo.ML.Research;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>Row to pretraining clip: sample frames, crop at several scales, draw the mask. Runs on the loader's threads.</summary>
internal sealed class PretrainingClips(IReadOnlyList<TrainingRow> rows, MofoPretrainingOptions options, IClipSource reader, PixelMaker? makePixels = null)
{
    private readonly ITubeMasking _masking = MaskingOf(options);
    private readonly ClipSteps _steps = options.HorizontalFlip
        ? new(new MultiScaleCrop(options.Model.ImageSize), new HorizontalFlip())
        : new(new MultiScaleCrop(options.Model.ImageSize));

    public static ITubeMasking MaskingOf(MofoPretrainingOptions options) => options switch
    {
        { MotionTemperature: { } temperature, MaskingMotion: MaskingMotion.FrameDifferences } => new MotionEnergyMasking(options.MaskRatio, temperature),
        { MotionTemperature: { } temperature } => new MotionWeightedMasking(options.MaskRatio, temperature),
        { ReleaseCompatibleMasks: true, MotionMaskRatio: { } motion } => new ReleaseTubeMasking(options.MaskRatio, motion),
        { MotionMaskRatio: { } motion } => new MotionTubeMasking(options.MaskRatio, motion),
        _ => new RandomTubeMasking(options.MaskRatio),
    };

    /// <summary>The clips of one video, decoded in one pass, each with a mask of its own.</summary>
    public IReadOnlyList<PretrainingClip> Load(ClipOrder order, Random random, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var (model, row) = (options.Model, rows[order.Item]);
        return ClipsOfVideo.Make(
            reader, row.Source, options, frames => FrameSampling.Pretraining(frames, model.Frames, options.FrameStride, random), read =>
            {
                using var clip = _steps.Apply(read, random);
                return Prepare(row.Source.VideoPath, clip, _masking, model, random, makePixels);
            });
    }

    /// <summary>Draws the mask of a finished clip; the clip stays the caller's.</summary>
    public static PretrainingClip Prepare(string path, Clip clip, ITubeMasking masking, VitConfig model, Random random, PixelMaker? makePixels = null)
    {
        var mask = masking.Draw(model.Grid, clip, random);
        var inBox = new bool[model.Grid.Cells];
        model.Grid.MarkOverlapped(clip.Boxes.Aggregate(MotionBox.Empty, (all, box) => all.Union(box)), inBox);
        return new PretrainingClip(path, (makePixels ?? PixelBuffer.Of)(clip, null), mask, inBox);
    }
}
