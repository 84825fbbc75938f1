namespace Mofo.ML.Transforms;

/// <summary>One frame with what the detector saw in it, for pictures and overlays. Valid during the callback only.</summary>
public sealed class MotionFrame
{
    internal MotionFrame(int index, int width, int height, ReadOnlyMemory<byte> rgb, int mapWidth, int mapHeight, ReadOnlyMemory<float> map, float perUnit, MotionBox? box)
    {
        Index = index;
        (Width, Height, Rgb) = (width, height, rgb);
        (MapWidth, MapHeight, Map) = (mapWidth, mapHeight, map);
        (Box, PerUnit) = (box, perUnit);
    }

    /// <summary>Number of the frame, from 0.</summary>
    public int Index { get; }

    /// <summary>Frame width in pixels.</summary>
    public int Width { get; }

    /// <summary>Frame height in pixels.</summary>
    public int Height { get; }

    /// <summary>The picture: red, green, blue per pixel, rows from the top.</summary>
    public ReadOnlyMemory<byte> Rgb { get; }

    /// <summary>Width of the motion map, which may be smaller than the frame.</summary>
    public int MapWidth { get; }

    /// <summary>Height of the motion map.</summary>
    public int MapHeight { get; }

    /// <summary>The motion map, rows from the top: 0 where nothing moves, without an upper bound.</summary>
    public ReadOnlyMemory<float> Map { get; }

    /// <summary>Times this, values of the map are (pixels per frame) per pixel, as <see cref="BoxTrack.MotionStrength"/> is.</summary>
    internal float PerUnit { get; }

    /// <summary>The box found in this frame alone, before the clean-up rules that need the whole clip; null where there is none.</summary>
    public MotionBox? Box { get; }
}
