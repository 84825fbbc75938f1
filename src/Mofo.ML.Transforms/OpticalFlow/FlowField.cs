namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Motion of every pixel from one frame to the next, in pixels per frame, row-major: x to the right, y downwards.</summary>
/// <remarks>The content of pixel (x, y) of the first frame is found at (x + X[i], y + Y[i]) of the second, i = y * Width + x.</remarks>
internal sealed class FlowField
{
    public FlowField(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (Width, Height) = (width, height);
        X = new float[width * height];
        Y = new float[width * height];
    }

    public int Width { get; }

    public int Height { get; }

    public float[] X { get; }

    public float[] Y { get; }
}
