using Mofo.ML.Research;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Dense inverse search, coarse to fine (Kroeger, Timofte, Dai, Van Gool 2016), each level smoothed by a few TV-L1 iterations.</summary>
/// <remarks>
/// The paper refines by a variational method of another kind; TV-L1 is used here since it is available, fast, and what the motion boxes were made with.
/// Two warps with one median filtering and ten iterations each: more bring no better boxes (benchmarks/RESULTS.md).
/// </remarks>
internal sealed class DisFlow : IHalfFlow
{
    /// <summary>Pictures with shorter sides are extended to this: two patches.</summary>
    private const int SmallestSide = 16;

    private readonly (int Width, int Height) _full;
    private readonly DisParameters _parameters;
    private readonly (int Width, int Height)[] _sizes;
    private readonly PlaneMemory[] _pictures;
    private readonly PatchSearch[] _searches;
    private readonly TvL1Level _level;

    public DisFlow(int width, int height, DisParameters? parameters = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        _full = (width, height);
        _parameters = parameters ?? new DisParameters();
        _sizes = SizesOf(Math.Max(width, SmallestSide), Math.Max(height, SmallestSide));
        _pictures = Array.ConvertAll(_sizes, s => new PlaneMemory(s.Width, s.Height, 2));
        _searches = Array.ConvertAll(_sizes, s => new PatchSearch(s.Width, s.Height, _parameters.Stride, _parameters.Iterations));
        var refinement = new TvL1Parameters { Warps = Math.Max(_parameters.Warps, 1), InnerIterations = Math.Max(_parameters.Refinements, 1), OuterIterations = Math.Max(_parameters.Filterings, 1) };
        _level = new TvL1Level(_sizes[0].Width, _sizes[0].Height, refinement, new ValueWarp(_sizes[0].Width, _sizes[0].Height), TvL1Solver.Iterate<ProjectedStep>);
    }

    /// <summary>Whether the search ends at half the size, so that <see cref="ComputeHalf"/> can give what it found there.</summary>
    public bool EndsAtHalf => Math.Min(_parameters.FinestLevel, _sizes.Length - 1) == 1;

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(_full.Width, _full.Height, grayFrom, grayTo, into);
        if (IsCopy(grayFrom, grayTo, into))
        {
            return;
        }

        var finest = Search(grayFrom, grayTo);
        for (var level = finest - 1; level >= 0; level--)
        {
            Enlarge(level);
        }

        Store(into);
    }

    /// <summary>The flow at half the size (rounded up), in pixels of that size: where the search ends there, nothing is enlarged.</summary>
    public void ComputeHalf(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        if (!EndsAtHalf || (into.Width, into.Height) != HalvedFlow.SizeOf(_full.Width, _full.Height))
        {
            throw new ArgumentException(Invariant($"Half of {_full.Width}x{_full.Height} was asked for as {into.Width}x{into.Height}, or the search does not end there."), nameof(into));
        }

        if (!IsCopy(grayFrom, grayTo, into))
        {
            Search(grayFrom, grayTo);
            Store(into);
        }
    }

    public void Dispose()
    {
        // Only managed memory, which the planes merely point into.
    }

    /// <summary>Whether the frame was only repeated: then nothing moves, as the search would find too.</summary>
    private static bool IsCopy(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        if (!grayFrom.SequenceEqual(grayTo))
        {
            return false;
        }

        Array.Clear(into.X);
        Array.Clear(into.Y);
        return true;
    }

    private static (int Width, int Height)[] SizesOf(int width, int height)
    {
        var sizes = new List<(int Width, int Height)> { (width, height) };
        while (Math.Min(sizes[^1].Width, sizes[^1].Height) >= 2 * SmallestSide)
        {
            sizes.Add(((sizes[^1].Width + 1) / 2, (sizes[^1].Height + 1) / 2));
        }

        return [.. sizes];
    }

    /// <summary>Coarse to fine; gives the level that it ends at.</summary>
    private int Search(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo)
    {
        var coarsest = _sizes.Length - 1;
        var finest = Math.Min(_parameters.FinestLevel, coarsest);
        LoadPyramid(grayFrom, 0, finest);
        LoadPyramid(grayTo, 1, finest);
        _level.Start(_sizes[coarsest].Width, _sizes[coarsest].Height);
        for (var level = coarsest; level >= finest; level--)
        {
            if (level < coarsest)
            {
                Enlarge(level);
            }

            _searches[level].Improve(Picture(level, 0), Picture(level, 1), _level.X, _level.Y);
            if (_parameters.Warps > 0)
            {
                _level.Refine(Picture(level, 0), Picture(level, 1));
            }
        }

        return finest;
    }

    private void LoadPyramid(ReadOnlySpan<byte> gray, int which, int finest)
    {
        // The full size is needed only where the search goes that far, or where halving is more than the mean of 2x2.
        var direct = finest > 0 && _sizes[0] == _full && _full.Width % 2 == 0 && _full.Height % 2 == 0;
        if (direct)
        {
            PictureScaling.LoadHalf(gray, Picture(1, which));
        }
        else
        {
            Load(gray, Picture(0, which));
        }

        for (var level = direct ? 2 : 1; level < _sizes.Length; level++)
        {
            PictureScaling.Reduce(Picture(level - 1, which), Picture(level, which));
        }
    }

    private Plane Picture(int level, int which) => _pictures[level].View(which, _sizes[level].Width, _sizes[level].Height);

    private void Enlarge(int level) => _level.Enlarge(
        _sizes[level].Width, _sizes[level].Height, (double)_sizes[level].Width / _sizes[level + 1].Width, (double)_sizes[level].Height / _sizes[level + 1].Height);

    /// <summary>Grey bytes into the top left of a plane that may be larger; the edge goes on beyond.</summary>
    private unsafe void Load(ReadOnlySpan<byte> gray, Plane into)
    {
        for (var y = 0; y < into.Height; y++)
        {
            var from = gray.Slice(Math.Min(y, _full.Height - 1) * _full.Width, _full.Width);
            var row = new Span<float>(into.Row(y), into.Width);
            System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(from, row[.._full.Width]);
            row[_full.Width..].Fill(from[^1]);
        }
    }

    private unsafe void Store(FlowField into)
    {
        for (var y = 0; y < into.Height; y++)
        {
            new ReadOnlySpan<float>(_level.X.Row(y), into.Width).CopyTo(into.X.AsSpan(y * into.Width));
            new ReadOnlySpan<float>(_level.Y.Row(y), into.Width).CopyTo(into.Y.AsSpan(y * into.Width));
        }

        GC.KeepAlive(this);
    }
}
