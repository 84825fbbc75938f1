using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms.Clips;
using TorchSharp;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>How pixels travel to where the network is.</summary>
internal static class DevicePixels
{
    /// <summary>Floats that the decode threads normalise for a CPU; bytes for a GPU, which normalises faster than floats would travel.</summary>
    public static PixelMaker MakerFor(torch.Device device) =>
        device.type == DeviceType.CPU ? PixelBuffer.Of : (clip, normalization) => new ByteClip(clip, normalization);

    /// <summary>Erases a rectangle of normalised floats now, or records for bytes what the device is to erase.</summary>
    public static void Erase(this IClipPixels pixels, Erasure erasure, ClipShape shape)
    {
        if (pixels is ByteClip bytes)
        {
            bytes.Erase(erasure, shape);
        }
        else
        {
            erasure.Fill(((PixelBuffer)pixels).Values, shape);
        }
    }
}
