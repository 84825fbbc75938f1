using Mofo.ML.Research;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OpticalFlow;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.OpticalFlow;

/// <summary>Dense inverse search as tensor operations, for many pairs of frames at once on a GPU: level by level what <see cref="DisFlow"/> does on the CPU.</summary>
/// <remarks>
/// It differs in two things: patches search side by side (<see cref="TensorPatchSearch"/>), and TV-L1 makes all its iterations, as asking whether a flow rests would wait for the device.
/// Sums of votes come in any order on a GPU. The boxes agree with the CPU's, see DisTensorFlowTests.
/// </remarks>
internal sealed class DisTensorFlow : IBatchFlow
{
    private readonly (int Width, int Height) _full;
    private readonly Device _device;
    private readonly DisParameters _parameters;
    private readonly TvL1Parameters _refinement;
    private readonly (int Width, int Height)[] _sizes;
    private readonly PlaneResize[] _reduce; // from level i to i + 1
    private readonly PlaneResize[] _enlarge; // from level i + 1 to i
    private readonly TensorPatchSearch[] _searches;

    /// <param name="width">Of the frames.</param>
    /// <param name="height">Of the frames.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="parameters">The same as on the CPU; null for the defaults.</param>
    public DisTensorFlow(int width, int height, Device device, DisParameters? parameters = null)
    {
        (_full, _device, _parameters) = ((width, height), device, parameters ?? new DisParameters());
        _sizes = DisFlow.SizesFor(width, height);
        _refinement = new TvL1Parameters { Warps = _parameters.Warps, InnerIterations = _parameters.Refinements, OuterIterations = _parameters.Filterings };
        var steps = _sizes.Skip(1).Zip(_sizes, (small, large) => (Small: small, Large: large)).ToArray();
        _reduce = [.. steps.Select(s => PlaneResize.ByArea(s.Large, s.Small, device))];
        _enlarge = [.. steps.Select(s => new PlaneResize(s.Small, s.Large, s.Small.Width / (double)s.Large.Width, s.Small.Height / (double)s.Large.Height, device))];
        _searches = Array.ConvertAll(_sizes, s => new TensorPatchSearch(s.Width, s.Height, _parameters.Stride, _parameters.Iterations, device));
    }

    /// <inheritdoc/>
    public int Pairs => _device.type == DeviceType.CPU ? 4 : 64;

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(_full.Width, _full.Height, grayFrom, grayTo, into);
        Compute([grayFrom.ToArray(), grayTo.ToArray()], [into]);
    }

    /// <inheritdoc/>
    public void Compute(IReadOnlyList<byte[]> grays, ReadOnlySpan<FlowField> into)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var pictures = Pyramid(grays);
        var coarsest = _sizes.Length - 1;
        var finest = Math.Min(_parameters.FinestLevel, coarsest);
        long pairs = into.Length;
        Tensor x = zeros(pairs, _sizes[coarsest].Height, _sizes[coarsest].Width, device: _device), y = zeros_like(x);
        for (var level = coarsest; level >= finest; level--)
        {
            if (level < coarsest)
            {
                (x, y) = Enlarged(level, x, y);
            }

            Tensor first = pictures[level].narrow(0, 0, pairs), second = pictures[level].narrow(0, 1, pairs);
            (x, y) = _searches[level].Improve(first, second, x, y);
            if (_parameters.Warps > 0)
            {
                (x, y) = Refined(first, second, x, y);
            }
        }

        var isHalf = (into[0].Width, into[0].Height) != _full;
        for (var level = finest - 1; level >= (isHalf ? 1 : 0); level--)
        {
            (x, y) = Enlarged(level, x, y);
        }

        Store(x, into, field => field.X);
        Store(y, into, field => field.Y);
    }

    public void Dispose()
    {
        foreach (var resize in _reduce.Concat(_enlarge))
        {
            resize.Dispose();
        }

        foreach (var search in _searches)
        {
            search.Dispose();
        }
    }

    private static void Store(Tensor component, ReadOnlySpan<FlowField> into, Func<FlowField, float[]> values)
    {
        using var scope = NewDisposeScope();
        var (width, height) = (into[0].Width, into[0].Height);
        var all = component.narrow(1, 0, height).narrow(2, 0, width).contiguous().cpu().data<float>().ToArray();
        for (var i = 0; i < into.Length; i++)
        {
            all.AsSpan(i * width * height, width * height).CopyTo(values(into[i]));
        }
    }

    /// <summary>[frames,H,W] of every level.</summary>
    private List<Tensor> Pyramid(IReadOnlyList<byte[]> grays)
    {
        var (width, height) = _full;
        var bytes = tensor(grays.SelectMany(gray => gray).ToArray(), [grays.Count, height, width]).SentTo(_device);
        var levels = new List<Tensor> { Extended(bytes.to(ScalarType.Float32)) };
        levels.AddRange(_reduce.Select(resize => resize.Apply(levels[^1])));
        return levels;
    }

    /// <summary>Pictures smaller than two patches go on beyond their edge.</summary>
    private Tensor Extended(Tensor pictures)
    {
        var (width, height) = _sizes[0];
        var wide = width == _full.Width ? pictures : cat([pictures, pictures.narrow(2, _full.Width - 1, 1).expand(-1, -1, width - _full.Width)], 2);
        return height == _full.Height ? wide : cat([wide, wide.narrow(1, _full.Height - 1, 1).expand(-1, height - _full.Height, -1)], 1);
    }

    private (Tensor X, Tensor Y) Enlarged(int level, Tensor x, Tensor y) => (
        _enlarge[level].Apply(x).mul_(KeptScalar.Of((double)_sizes[level].Width / _sizes[level + 1].Width)),
        _enlarge[level].Apply(y).mul_(KeptScalar.Of((double)_sizes[level].Height / _sizes[level + 1].Height)));

    private (Tensor X, Tensor Y) Refined(Tensor first, Tensor second, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        using var state = new TvL1TensorState(x, y, _refinement);
        using var warp = new TensorWarp(second, CubicWarp.Exact);
        for (var round = 0; round < _refinement.Warps; round++)
        {
            using var term = warp.Linearise(first, state.X, state.Y);
            for (var outer = 0; outer < _refinement.OuterIterations; outer++)
            {
                state.Filter();
                for (var inner = 0; inner < _refinement.InnerIterations; inner++)
                {
                    _ = state.Iterate(term, asks: false);
                }
            }
        }

        return (state.X.alias().MoveToOuterDisposeScope(), state.Y.alias().MoveToOuterDisposeScope());
    }
}
