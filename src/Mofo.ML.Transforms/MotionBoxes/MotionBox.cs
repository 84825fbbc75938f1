namespace Mofo.ML.Transforms;

/// <summary>An axis-parallel box in pixels of the source frame: half-open, [X1, X2) by [Y1, Y2).</summary>
/// <remarks>The origin is the upper left corner of the upper left pixel, x to the right, y down. A whole frame is (0, 0, width, height).</remarks>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge, not included.</param>
/// <param name="Y2">Lower edge, not included.</param>
public readonly record struct MotionBox(float X1, float Y1, float X2, float Y2)
{
    /// <summary>The box without area at the origin.</summary>
    public static MotionBox Empty => default;

    /// <summary>Width in pixels, never negative.</summary>
    public float Width => Math.Max(0, X2 - X1);

    /// <summary>Height in pixels, never negative.</summary>
    public float Height => Math.Max(0, Y2 - Y1);

    /// <summary>Area in square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>Whether the box has no area.</summary>
    public bool IsEmpty => !(X2 > X1 && Y2 > Y1);

    /// <summary>The central half of a frame in both directions: what the original takes where it finds no motion.</summary>
    /// <param name="frameWidth">Frame width in pixels.</param>
    /// <param name="frameHeight">Frame height in pixels.</param>
    /// <returns>The box from a quarter to three quarters of each side.</returns>
    public static MotionBox CentralHalf(int frameWidth, int frameHeight) =>
        new(frameWidth * 0.25f, frameHeight * 0.25f, frameWidth * 0.75f, frameHeight * 0.75f);

    /// <summary>The smallest box around both; an empty box adds nothing.</summary>
    /// <param name="other">The other box.</param>
    /// <returns>The hull.</returns>
    public MotionBox Union(MotionBox other) =>
        IsEmpty ? other
        : other.IsEmpty ? this
        : new(Math.Min(X1, other.X1), Math.Min(Y1, other.Y1), Math.Max(X2, other.X2), Math.Max(Y2, other.Y2));

    /// <summary>The part in both boxes, <see cref="Empty"/> when there is none.</summary>
    /// <param name="other">The other box.</param>
    /// <returns>The common part.</returns>
    public MotionBox Intersect(MotionBox other)
    {
        var common = new MotionBox(Math.Max(X1, other.X1), Math.Max(Y1, other.Y1), Math.Min(X2, other.X2), Math.Min(Y2, other.Y2));
        return common.IsEmpty ? Empty : common;
    }

    /// <summary>Common area over joint area, in [0, 1]; 0 when both are empty.</summary>
    /// <param name="other">The other box.</param>
    /// <returns>The ratio.</returns>
    public float IntersectionOverUnion(MotionBox other)
    {
        var common = Intersect(other).Area;
        var joint = Area + other.Area - common;
        return joint > 0 ? common / joint : 0;
    }

    /// <summary>The box in a frame that was resized by these factors.</summary>
    /// <param name="x">Factor for x.</param>
    /// <param name="y">Factor for y.</param>
    /// <returns>The scaled box.</returns>
    public MotionBox Scale(float x, float y) => new(X1 * x, Y1 * y, X2 * x, Y2 * y);

    /// <summary>The box moved by these pixels.</summary>
    /// <param name="x">Shift to the right.</param>
    /// <param name="y">Shift downwards.</param>
    /// <returns>The moved box.</returns>
    public MotionBox Translate(float x, float y) => new(X1 + x, Y1 + y, X2 + x, Y2 + y);

    /// <summary>The part inside a frame of this size, <see cref="Empty"/> when there is none.</summary>
    /// <param name="frameWidth">Frame width in pixels.</param>
    /// <param name="frameHeight">Frame height in pixels.</param>
    /// <returns>The clipped box.</returns>
    public MotionBox Clip(float frameWidth, float frameHeight) => Intersect(new(0, 0, frameWidth, frameHeight));
}
