namespace Mofo.ML.Transforms.Video;

/// <summary>One picture of a video as bytes that belong to it: RGB, 8 bits a channel, rows from the top.</summary>
/// <remarks>Channel <c>c</c> (0 red, 1 green, 2 blue) of pixel (x, y) is <c>Pixels[((y * Width) + x) * 3 + c]</c>. Treat it as read only: readers share frames.</remarks>
internal sealed class Frame
{
    public Frame(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (pixels.LongLength != (long)width * height * 3)
        {
            throw new ArgumentException(Invariant($"A frame of {width}x{height} has {(long)width * height * 3} bytes, not {pixels.LongLength}."), nameof(pixels));
        }

        (Width, Height, Pixels) = (width, height, pixels);
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Pixels { get; }
}
