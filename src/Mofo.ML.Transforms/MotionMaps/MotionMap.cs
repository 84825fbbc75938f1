namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>How strongly the flow changes from pixel to pixel around one frame: bright where something moves against its surroundings.</summary>
/// <remarks>Row-major. Unit: the unit of the flow that went in, times the number of flows, times the 6 pixels of the difference kernel.</remarks>
internal sealed class MotionMap(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public float[] Values { get; } = new float[width * height];

    /// <summary>The same of the flow from this frame to the next alone: where in the window's motion the thing is right now.</summary>
    public float[] OwnValues { get; } = new float[width * height];

    /// <summary>How many flows were summed: the window, or fewer in a shorter clip.</summary>
    public int Flows { get; set; }
}
