using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Clips to one tensor, of any size.</summary>
internal static class PixelBatch
{
    /// <summary>[B,3,T,H,W] float32 on the device. Clips come as floats or as bytes, all of a batch alike.</summary>
    public static Tensor Stack(IReadOnlyList<IClipPixels> clips, VitConfig model, Device device) => clips[0] is ByteClip
        ? Stack([.. clips.Cast<ByteClip>()], device)
        : Stack([.. clips.Cast<PixelBuffer>()], model, device);

    private static Tensor Stack(PixelBuffer[] clips, VitConfig model, Device device)
    {
        var batch = empty([clips.Length, 3, model.Frames, model.ImageSize, model.ImageSize], ScalarType.Float32, CPU);
        for (var i = 0; i < clips.Length; i++)
        {
            clips[i].Values.CopyTo(TensorMemory.Entry(batch, i));
        }

        return device.type == DeviceType.CPU ? batch : batch.to(device);
    }

    /// <summary>Bytes are copied without waiting and normalised on the device.</summary>
    private static Tensor Stack(ByteClip[] clips, Device device)
    {
        using var scope = NewDisposeScope();
        var bytes = empty([clips.Length, clips[0].Frames, clips[0].Height, clips[0].Width, 3], ScalarType.Byte, device); // [B,T,H,W,3]
        var there = new List<(int, DeferredPixels)>();
        for (var i = 0; i < clips.Length; i++)
        {
            if (clips[i].Deferred is { } deferred)
            {
                there.Add((i, deferred));
            }
            else
            {
                _ = bytes.select(0, i).copy_(clips[i].Bytes!, nonBlocking: true);
            }
        }

        CardCrops.Write(there, bytes);

        var pixels = Normalised(bytes.permute(0, 4, 1, 2, 3), clips[0].Normalization);
        for (var i = 0; i < clips.Length; i++)
        {
            if (clips[i] is { ErasedWindow: { } window, Noise: { } noise })
            {
                _ = pixels.select(0, i).narrow(2, window.Y, window.Height).narrow(3, window.X, window.Width).copy_(noise, nonBlocking: true);
            }
        }

        return pixels.MoveToOuterDisposeScope();
    }

    /// <summary>[B,3,T,H,W] of any type to float32 by factor and summand of each channel, in one pass.</summary>
    private static Tensor Normalised(Tensor pixels, PixelNormalization normalization)
    {
        using var scope = NewDisposeScope();
        var rules = new[] { normalization.Of(0), normalization.Of(1), normalization.Of(2) };
        var factors = tensor(Array.ConvertAll(rules, rule => rule.Factor), [1, 3, 1, 1, 1]).SentTo(pixels.device);
        var summands = tensor(Array.ConvertAll(rules, rule => rule.Summand), [1, 3, 1, 1, 1]).SentTo(pixels.device);
        return summands.addcmul(pixels, factors, KeptScalar.One).MoveToOuterDisposeScope();
    }
}
