using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>Runs the autoencoder on one clip and puts its predictions back into pictures.</summary>
internal static class Reconstructor
{
    private const byte HiddenGrey = 128;

    public static Reconstruction Run(MaskedAutoencoder model, MofoPretrainingOptions options, Device device, ClipSource source, Random random, VideoReading reading)
    {
        var config = options.Model;
        using var clip = options.Views.LoadCrops(source, reading)[0];
        using var prepared = PretrainingClips.Prepare(source.VideoPath, clip, PretrainingClips.MaskingOf(options), config, random);
        var original = Frames(clip);
        var (masked, rebuilt) = (original.ConvertAll(f => f.ToArray()), original.ConvertAll(f => f.ToArray()));
        reading.Cancel.ThrowIfCancellationRequested();
        var predicted = Predict(model, options, device, prepared);
        var cells = prepared.Mask.Masked.ToArray();
        var perToken = config.PixelsPerToken;
        for (var slice = 0; slice < config.TimeSlices; slice++)
        {
            for (var i = 0; i < cells.Length; i++)
            {
                var token = predicted.AsSpan(((slice * cells.Length) + i) * perToken, perToken);
                Paste(config, slice, cells[i], masked, (_, _) => HiddenGrey, token);
                Paste(config, slice, cells[i], rebuilt, static (values, k) => (byte)Math.Clamp(MathF.Round(255 * values[k]), 0, 255), token);
            }
        }

        return new Reconstruction(config.ImageSize, original, masked, rebuilt, (double)cells.Length / config.Grid.Cells);
    }

    private delegate byte Pixel(ReadOnlySpan<float> token, int index);

    /// <summary>Predicted pixels in [0,1] of the hidden tokens, [M,P] flattened.</summary>
    private static float[] Predict(MaskedAutoencoder model, MofoPretrainingOptions options, Device device, PretrainingClip clip)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var step = new PretrainingStep(model, options, device);
        var (clips, predictions, masks) = step.Predict([clip]);
        var values = step.Targets.ToPixels(predictions.to(ScalarType.Float32), clips, masks.Masked);
        return values.cpu().contiguous().data<float>().ToArray();
    }

    private static List<byte[]> Frames(Clip clip)
    {
        var frames = new List<byte[]>(clip.Length);
        for (var i = 0; i < clip.Length; i++)
        {
            frames.Add(clip.Frame(i).ToArray());
        }

        return frames;
    }

    private static void Paste(VitConfig config, int slice, int cell, List<byte[]> frames, Pixel pixel, ReadOnlySpan<float> token)
    {
        var (size, patch, columns) = (config.ImageSize, config.PatchSize, config.Grid.Columns);
        var (top, left) = (cell / columns * patch, cell % columns * patch);
        for (var frame = 0; frame < config.TubeletSize; frame++)
        {
            var picture = frames[(slice * config.TubeletSize) + frame];
            for (var y = 0; y < patch; y++)
            {
                for (var k = 0; k < patch * 3; k++)
                {
                    picture[((((top + y) * size) + left) * 3) + k] = pixel(token, (((frame * patch) + y) * patch * 3) + k);
                }
            }
        }
    }
}
