using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Model.Layers;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Mixup of a batch that lies on a device: what <see cref="Mixup.MixPixels"/> does on the host.</summary>
internal static class DeviceMixup
{
    /// <summary>Mixes the pixels of a batch [B,3,T,H,W] in place; with an odd number of clips the middle one stays.</summary>
    public static void MixPixels(this Mixup mixup, Tensor pixels)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (mixup.Cut is { } window)
        {
            if (window is { Width: > 0, Height: > 0 })
            {
                var part = pixels.narrow(3, window.Y, window.Height).narrow(4, window.X, window.Width);
                _ = part.copy_(part.flip(0));
            }
        }
        else if (mixup.Share < 1)
        {
            _ = pixels.lerp_(pixels.flip(0), tensor((float)(1 - mixup.Share)).SentTo(pixels.device));
        }
    }
}
