namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>A picture whose edge pixels are repeated outwards, so that a patch may lie partly or wholly outside.</summary>
internal sealed class BorderedPicture
{
    /// <summary>Pixels on each side: a patch and one more.</summary>
    public const int Border = 16;

    private readonly PlaneMemory _memory;
    private readonly int _width;
    private readonly int _height;

    public BorderedPicture(int width, int height)
    {
        (_width, _height) = (width, height);
        _memory = new PlaneMemory(width + (2 * Border), height + (2 * Border), 1);
    }

    private Plane Whole => _memory.View(0, _width + (2 * Border), _height + (2 * Border));

    /// <summary>The picture with its border: pixel (x, y) is <c>Row(y + Border)[x + Border]</c>.</summary>
    public unsafe Plane Fill(Plane picture)
    {
        var whole = Whole;
        for (var y = 0; y < whole.Height; y++)
        {
            float* from = picture.Row(Math.Clamp(y - Border, 0, _height - 1)), to = whole.Row(y);
            new Span<float>(to, Border).Fill(from[0]);
            new ReadOnlySpan<float>(from, _width).CopyTo(new Span<float>(to + Border, _width));
            new Span<float>(to + Border + _width, Border).Fill(from[_width - 1]);
        }

        return whole;
    }
}
