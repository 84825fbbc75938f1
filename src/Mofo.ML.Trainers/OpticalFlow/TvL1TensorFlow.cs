using Mofo.ML.Research;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OpticalFlow;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>TV-L1 as tensor operations, for a GPU: step by step what <see cref="TvL1Flow"/> does on the CPU, and agreeing with it.</summary>
internal sealed class TvL1TensorFlow : IOpticalFlow
{
    /// <summary>The change of the flow is read from a GPU after this number of iterations only: every read makes it wait for the CPU.</summary>
    private const int IterationsPerQuestion = 5;

    private readonly Device _device;
    private readonly TvL1Parameters _parameters;
    private readonly PlaneResize[] _reduce; // from level i to i + 1
    private readonly PlaneResize[] _enlarge; // from level i + 1 to i
    private readonly (int Width, int Height)[] _sizes;
    private readonly int _perQuestion;

    /// <param name="width">Of the frames.</param>
    /// <param name="height">Of the frames.</param>
    /// <param name="parameters">The same as on the CPU.</param>
    /// <param name="device">Where the tensors live.</param>
    public TvL1TensorFlow(int width, int height, TvL1Parameters parameters, Device device)
    {
        (_device, _parameters) = (device, parameters);
        _perQuestion = device.type == TorchSharp.DeviceType.CPU ? 1 : IterationsPerQuestion;
        _sizes = TvL1Flow.SizesOf(width, height, parameters);
        var steps = _sizes.Skip(1).Zip(_sizes, (small, large) => (Small: small, Large: large)).ToArray();
        _reduce = [.. steps.Select(s => new PlaneResize(s.Large, s.Small, 1 / parameters.ScaleStep, 1 / parameters.ScaleStep, device))];
        _enlarge = [.. steps.Select(s => new PlaneResize(s.Small, s.Large, s.Small.Width / (double)s.Large.Width, s.Small.Height / (double)s.Large.Height, device))];
    }

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(_sizes[0].Width, _sizes[0].Height, grayFrom, grayTo, into);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var first = Pyramid(grayFrom);
        var second = Pyramid(grayTo);
        var (x, y) = (Zeros(_sizes[^1]), Zeros(_sizes[^1]));
        for (var level = _sizes.Length - 1; level >= 0; level--)
        {
            if (level < _sizes.Length - 1)
            {
                var factor = KeptScalar.Of(1 / _parameters.ScaleStep);
                (x, y) = (_enlarge[level].Apply(x).mul_(factor), _enlarge[level].Apply(y).mul_(factor));
            }

            (x, y) = Refine(first[level], second[level], x, y);
        }

        Store(x, into.X);
        Store(y, into.Y);
    }

    public void Dispose()
    {
        foreach (var resize in _reduce.Concat(_enlarge))
        {
            resize.Dispose();
        }
    }

    private static void Store(Tensor component, float[] into) => component.cpu().data<float>().CopyTo(into);

    private Tensor Zeros((int Width, int Height) size) => zeros(size.Height, size.Width, device: _device);

    private List<Tensor> Pyramid(ReadOnlySpan<byte> gray)
    {
        var (width, height) = _sizes[0];
        var levels = new List<Tensor> { tensor(gray.ToArray(), height, width, device: _device).to(ScalarType.Float32) };
        levels.AddRange(_reduce.Select(resize => resize.Apply(levels[^1])));
        return levels;
    }

    private (Tensor X, Tensor Y) Refine(Tensor first, Tensor second, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        using var state = new TvL1TensorState(x, y, _parameters);
        using var warp = new TensorWarp(second);
        var enough = _parameters.Epsilon * _parameters.Epsilon * first.numel();
        for (var round = 0; round < _parameters.Warps; round++)
        {
            using var term = warp.Linearise(first, state.X, state.Y);
            var change = double.MaxValue;
            for (var outer = 0; outer < _parameters.OuterIterations && change > enough; outer++)
            {
                if (_parameters.MedianFilter)
                {
                    state.Filter();
                }

                for (var inner = 0; inner < _parameters.InnerIterations && change > enough; inner++)
                {
                    var asks = (inner + 1) % _perQuestion == 0 || inner + 1 == _parameters.InnerIterations;
                    change = state.Iterate(term, asks) ?? change;
                }
            }
        }

        return (state.X.alias().MoveToOuterDisposeScope(), state.Y.alias().MoveToOuterDisposeScope());
    }
}
