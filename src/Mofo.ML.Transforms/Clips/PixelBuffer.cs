using System.Buffers;

namespace Mofo.ML.Transforms.Clips;

/// <summary>The normalised pixels of one clip, [3,T,H,W] float32 in a pooled buffer, on their way into a batch.</summary>
internal sealed class PixelBuffer : IClipPixels
{
    private readonly int _length;
    private float[]? _values;

    /// <summary>Takes the pixels of the clip, which stays the caller's.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="normalization">Null for ImageNet's.</param>
    public PixelBuffer(Clip clip, PixelNormalization? normalization = null)
    {
        _length = ClipTensor.LengthOf(clip.Length, clip.Width, clip.Height);
        _values = ArrayPool<float>.Shared.Rent(_length);
        ClipTensor.Write(clip, _values.AsSpan(0, _length), normalization);
    }

    /// <summary>As the constructor: a <see cref="PixelMaker"/>.</summary>
    public static PixelBuffer Of(Clip clip, PixelNormalization? normalization) => new(clip, normalization);

    /// <summary>[3,T,H,W] float32, row-major; may be written to.</summary>
    public Span<float> Values => (_values ?? throw new ObjectDisposedException(nameof(PixelBuffer))).AsSpan(0, _length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _values, null) is { } values)
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
