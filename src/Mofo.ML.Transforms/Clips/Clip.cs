using System.Buffers;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Sampled frames of one size, RGB, 8 bits per channel, and the motion box of each in the clip's own pixels.</summary>
/// <remarks>
/// Pixels lie as [T, H, W, 3] in one pooled buffer that goes back on <see cref="Dispose"/>. A clip has one owner: who is
/// given a clip either passes it on or disposes it. An empty box says that no motion is known for that frame.
/// </remarks>
internal sealed class Clip : IDisposable
{
    private byte[]? _pixels;

    public Clip(int length, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Length = length;
        Width = width;
        Height = height;
        Boxes = new MotionBox[length];
        _pixels = ArrayPool<byte>.Shared.Rent(checked(length * FrameBytes));
    }

    /// <summary>A clip whose pixels lie on a device.</summary>
    public Clip(int width, int height, MotionBox[] boxes, DeferredPixels deferred) =>
        (Length, Width, Height, Boxes, Deferred) = (boxes.Length, width, height, boxes, deferred);

    /// <summary>Where the pixels are that this clip has not itself; null where it has them.</summary>
    public DeferredPixels? Deferred { get; }

    /// <summary>Number of frames.</summary>
    public int Length { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>One box per frame.</summary>
    public MotionBox[] Boxes { get; }

    /// <summary>Bytes of one frame.</summary>
    public int FrameBytes => Width * Height * 3;

    /// <summary>All frames, [T, H, W, 3].</summary>
    public Span<byte> Pixels => (_pixels ?? throw Absent()).AsSpan(0, Length * FrameBytes);

    /// <summary>One frame, [H, W, 3].</summary>
    public Span<byte> Frame(int index) => Pixels.Slice(index * FrameBytes, FrameBytes);

    /// <summary>Holds the pixels in place for native code until the handle is disposed.</summary>
    public MemoryHandle Pin() => new Memory<byte>(_pixels ?? throw Absent()).Pin();

    /// <summary>This clip with one more change of its pixels on the device, where they lie there; null where they do not.</summary>
    public Clip? Edited(PixelEdit edit, int? width = null, int? height = null) =>
        Deferred is null ? null : new Clip(width ?? Width, height ?? Height, [.. Boxes], Deferred.Then(edit));

    private Exception Absent() => Deferred is null
        ? new ObjectDisposedException(nameof(Clip))
        : new InvalidOperationException("The pixels of this clip lie on a device; a step that needs them on the host cannot be used with it.");

    /// <summary>A copy with a buffer of its own.</summary>
    public Clip Copy()
    {
        var copy = new Clip(Length, Width, Height);
        Pixels.CopyTo(copy.Pixels);
        Boxes.CopyTo(copy.Boxes, 0);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }
}
