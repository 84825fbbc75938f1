using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>Bilinear resizing of [H,W] planes between two fixed sizes, pixel centres aligned, edges repeated: OpenCV's, as two matrix products.</summary>
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
    {
        using var scope = NewDisposeScope();
        _rows = Matrix(from.Height, to.Height, stepY, device).DetachFromDisposeScope();
        _columns = Matrix(from.Width, to.Width, stepX, device).t().contiguous().DetachFromDisposeScope();
    }

    public Tensor Apply(Tensor plane) => _rows.matmul(plane).matmul(_columns);

    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }

    private static Tensor Matrix(int from, int to, double step, Device device)
    {
        var weights = new float[to * from];
        for (var i = 0; i < to; i++)
        {
            var place = Math.Clamp(((i + 0.5) * step) - 0.5, 0, from - 1);
            var below = (int)place;
            weights[(i * from) + below] += (float)(1 - (place - below));
            weights[(i * from) + Math.Min(below + 1, from - 1)] += (float)(place - below);
        }

        return tensor(weights, to, from, device: device);
    }
}
