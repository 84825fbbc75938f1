using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>One clip as bytes on its way to a GPU: a quarter of what its floats take, in pinned memory, from where a copy needs no waiting. Or, where its frames lie there already, what to do with them.</summary>
internal sealed class ByteClip : IClipPixels
{
    /// <param name="clip">The clip; it stays the caller's.</param>
    /// <param name="normalization">What the device is to do with the bytes; null for ImageNet's.</param>
    public ByteClip(Clip clip, PixelNormalization? normalization)
    {
        Normalization = normalization ?? PixelNormalization.ImageNet;
        (Frames, Height, Width, Deferred) = (clip.Length, clip.Height, clip.Width, clip.Deferred);
        if (Deferred is not null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var bytes = empty([clip.Length, clip.Height, clip.Width, 3], ScalarType.Byte);
        clip.Pixels.CopyTo(bytes.bytes);
        Bytes = Pinned(bytes).DetachFromDisposeScope();
    }

    /// <summary>Number of frames (T).</summary>
    public int Frames { get; }

    /// <summary>Of the frames (H).</summary>
    public int Height { get; }

    /// <summary>Of the frames (W).</summary>
    public int Width { get; }

    /// <summary>[T,H,W,3] uint8 on the host; null where the frames lie on the device.</summary>
    public Tensor? Bytes { get; }

    /// <summary>The frames on the device and what is done with them; null where the bytes come from the host.</summary>
    public DeferredPixels? Deferred { get; }

    /// <summary>How bytes become values.</summary>
    public PixelNormalization Normalization { get; }

    /// <summary>The rectangle that is noise; null for none.</summary>
    public CropWindow? ErasedWindow { get; private set; }

    /// <summary>[3,T,h,w] float32 on the host: the noise in the rectangle.</summary>
    public Tensor? Noise { get; private set; }

    /// <summary>Lays noise over a rectangle of the normalised values, the same noise that a CPU takes.</summary>
    public void Erase(Erasure erasure, ClipShape shape)
    {
        using var scope = NewDisposeScope();
        var noise = tensor(erasure.Noise(shape), [shape.Channels, shape.Frames, erasure.Window.Height, erasure.Window.Width]);
        (ErasedWindow, Noise) = (erasure.Window, Pinned(noise).DetachFromDisposeScope());
    }

    public void Dispose()
    {
        Bytes?.Dispose();
        Noise?.Dispose();
    }

    /// <summary>Where there is no GPU (a test), ordinary memory does as well.</summary>
    private static Tensor Pinned(Tensor host) => cuda.is_available() ? host.pin_memory() : host;
}
