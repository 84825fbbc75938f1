using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>Resizing of planes [..,H,W] between two fixed sizes, bilinear (pixel centres aligned, edges repeated) or by area: OpenCV's, as two matrix products.</summary>
internal sealed class PlaneResize : IDisposable
{
    private readonly Tensor _rows; // [H', H]
    private readonly Tensor _columns; // [W, W']

    /// <param name="from">Size of what comes in.</param>
    /// <param name="to">Size of what goes out.</param>
    /// <param name="stepX">Source pixels per target pixel; beside the ratio of the sizes, since sizes are rounded.</param>
    /// <param name="stepY">The same downwards.</param>
    /// <param name="device">Where the planes live.</param>
    public PlaneResize((int Width, int Height) from, (int Width, int Height) to, double stepX, double stepY, Device device)
        : this(Bilinear(from.Height, to.Height, stepY), Bilinear(from.Width, to.Width, stepX), from, to, device)
    {
    }

    private PlaneResize(float[] rows, float[] columns, (int Width, int Height) from, (int Width, int Height) to, Device device)
    {
        using var scope = NewDisposeScope();
        _rows = tensor(rows, to.Height, from.Height, device: device).DetachFromDisposeScope();
        _columns = tensor(columns, to.Width, from.Width, device: device).t().contiguous().DetachFromDisposeScope();
    }

    /// <summary>Reduces by averaging areas: a pixel counts by the part of it that is covered.</summary>
    public static PlaneResize ByArea((int Width, int Height) from, (int Width, int Height) to, Device device) =>
        new(Overlaps(from.Height, to.Height), Overlaps(from.Width, to.Width), from, to, device);

    public Tensor Apply(Tensor plane) => _rows.matmul(plane).matmul(_columns);

    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }

    private static float[] Overlaps(int from, int to)
    {
        var (weights, scale) = (new float[to * from], (double)from / to);
        for (var i = 0; i < to; i++)
        {
            for (var k = 0; k < from; k++)
            {
                weights[(i * from) + k] = (float)(Math.Max(0, Math.Min((i + 1) * scale, k + 1) - Math.Max(i * scale, k)) / scale);
            }
        }

        return weights;
    }

    private static float[] Bilinear(int from, int to, double step)
    {
        var weights = new float[to * from];
        for (var i = 0; i < to; i++)
        {
            var place = Math.Clamp(((i + 0.5) * step) - 0.5, 0, from - 1);
            var below = (int)place;
            weights[(i * from) + below] += (float)(1 - (place - below));
            weights[(i * from) + Math.Min(below + 1, from - 1)] += (float)(place - below);
        }

        return weights;
    }
}
