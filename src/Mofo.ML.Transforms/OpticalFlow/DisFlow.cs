using Mofo.ML.Research;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Dense inverse search, coarse to fine (Kroeger, Timofte, Dai, Van Gool 2016), each level smoothed by a few TV-L1 iterations.</summary>
/// <remarks>
/// The paper refines by a variational method of another kind; TV-L1 is used here since it is available, fast, and what the motion boxes were made with.
/// Two warps with one median filtering and twelve iterations each: more bring no better boxes (benchmarks/RESULTS.md).
/// </remarks>
internal sealed class DisFlow : IHalfFlow
{
    /// <summary>Pictures with shorter sides are extended to this: two patches.</summary>
    private const int SmallestSide = 16;

    private readonly (int Width, int Height) _full;
    private readonly DisParameters _parameters;
    private readonly (int Width, int Height)[] _sizes;
    private readonly int _finest; // the level that the search ends at
    private readonly bool _startsAtHalf;
    private readonly PlaneMemory?[] _pictures; // null for a level that is not loaded
    private readonly PatchSearch?[] _searches; // null for a level that is not searched
    private int _largest; // the level that there is room for
    private TvL1Level? _room;

    public DisFlow(int width, int height, DisParameters? parameters = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        _full = (width, height);
        _parameters = parameters ?? new DisParameters();
        _sizes = SizesOf(Math.Max(width, SmallestSide), Math.Max(height, SmallestSide));
        _finest = Math.Min(_parameters.FinestLevel, _sizes.Length - 1);

        // The full size is needed only where the search goes that far, or where halving is more than the mean of 2x2.
        _startsAtHalf = _finest > 0 && _sizes[0] == _full && width % 2 == 0 && height % 2 == 0;
        _pictures = [.. _sizes.Select((s, level) => level == 0 && _startsAtHalf ? null : new PlaneMemory(s.Width, s.Height, 2))];
        _searches = [.. _sizes.Select((s, level) => level < _finest ? null : new PatchSearch(s.Width, s.Height, _parameters.Stride, _parameters.Iterations))];
    }

    private TvL1Level Level => _room ?? throw new InvalidOperationException("There is no room for the flow yet.");

    /// <summary>Whether the search ends at half the size, so that <see cref="ComputeHalf"/> can give what it found there.</summary>
    public bool EndsAtHalf => _finest == 1;

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(_full.Width, _full.Height, grayFrom, grayTo, into);
        if (IsCopy(grayFrom, grayTo, into))
        {
            return;
        }

        MakeRoom(0);
        Search(grayFrom, grayTo);
        for (var level = _finest - 1; level >= 0; level--)
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
            MakeRoom(1);
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

    /// <summary>Room for the flow at this level and coarser ones: whoever asks for half the size never has the full size.</summary>
    private void MakeRoom(int largest)
    {
        if (_room is not null && largest >= _largest)
        {
            return;
        }

        var (width, height) = _sizes[largest];
        var refinement = new TvL1Parameters { Warps = Math.Max(_parameters.Warps, 1), InnerIterations = Math.Max(_parameters.Refinements, 1), OuterIterations = Math.Max(_parameters.Filterings, 1) };
        (_largest, _room) = (largest, new TvL1Level(width, height, refinement, new ValueWarp(width, height), TvL1Solver.Iterate<ProjectedStep>));
    }

    /// <summary>Coarse to fine.</summary>
    private void Search(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo)
    {
        var coarsest = _sizes.Length - 1;
        LoadPyramid(grayFrom, 0);
        LoadPyramid(grayTo, 1);
        Level.Start(_sizes[coarsest].Width, _sizes[coarsest].Height);
        for (var level = coarsest; level >= _finest; level--)
        {
            if (level < coarsest)
            {
                Enlarge(level);
            }

            _searches[level]!.Improve(Picture(level, 0), Picture(level, 1), Level.X, Level.Y);
            if (_parameters.Warps > 0)
            {
                Level.Refine(Picture(level, 0), Picture(level, 1));
            }
        }
    }

    private void LoadPyramid(ReadOnlySpan<byte> gray, int which)
    {
        if (_startsAtHalf)
        {
            PictureScaling.LoadHalf(gray, Picture(1, which));
        }
        else
        {
            Load(gray, Picture(0, which));
        }

        for (var level = _startsAtHalf ? 2 : 1; level < _sizes.Length; level++)
        {
            PictureScaling.Reduce(Picture(level - 1, which), Picture(level, which));
        }
    }

    private Plane Picture(int level, int which) => _pictures[level]!.View(which, _sizes[level].Width, _sizes[level].Height);

    private void Enlarge(int level) => Level.Enlarge(
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
            new ReadOnlySpan<float>(Level.X.Row(y), into.Width).CopyTo(into.X.AsSpan(y * into.Width));
            new ReadOnlySpan<float>(Level.Y.Row(y), into.Width).CopyTo(into.Y.AsSpan(y * into.Width));
        }

        GC.KeepAlive(this);
    }
}
