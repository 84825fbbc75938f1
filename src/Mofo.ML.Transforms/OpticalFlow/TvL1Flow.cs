namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Duality-based TV-L1 flow, coarse to fine: pyramid, warps, median filtering and the stopping rule; <see cref="TvL1Solver"/> does the iterations.</summary>
/// <remarks>Zach, Pock, Bischof 2007; Wedel et al. 2009 (median filter); Sánchez et al., IPOL 2013 (pyramid and stopping rule).</remarks>
internal sealed class TvL1Flow : IOpticalFlow
{
    private const int SmallestSide = 16;

    private readonly TvL1Parameters _parameters;
    private readonly TvL1Weights _weights;
    private readonly (int Width, int Height)[] _sizes;
    private readonly PlaneMemory[] _pictures;
    private readonly PlaneMemory _work;
    private readonly CubicWarp _warp;
    private readonly MedianFilter _median;

    public TvL1Flow(int width, int height, TvL1Parameters? parameters = null)
    {
        _parameters = parameters ?? new TvL1Parameters();
        var problems = new OptionProblems(nameof(TvL1Parameters));
        _parameters.Validate(problems);
        problems.ThrowIfAny();
        _weights = new TvL1Weights((float)(_parameters.Lambda * _parameters.Theta), (float)_parameters.Theta, (float)(_parameters.Tau / _parameters.Theta));
        _sizes = SizesOf(width, height, _parameters);
        _pictures = Array.ConvertAll(_sizes, s => new PlaneMemory(s.Width, s.Height, 2));
        _work = new PlaneMemory(width, height, 11);
        _warp = new CubicWarp(width, height);
        _median = new MedianFilter(width);
    }

    /// <summary>Inner iterations of the last computation, all levels and warps together.</summary>
    public int IterationCount { get; private set; }

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(_sizes[0].Width, _sizes[0].Height, grayFrom, grayTo, into);
        IterationCount = 0;
        PictureScaling.Load(grayFrom, Picture(0, 0));
        PictureScaling.Load(grayTo, Picture(0, 1));
        for (var level = 1; level < _sizes.Length; level++)
        {
            PictureScaling.Resize(Picture(level - 1, 0), Picture(level, 0), _parameters.ScaleStep);
            PictureScaling.Resize(Picture(level - 1, 1), Picture(level, 1), _parameters.ScaleStep);
        }

        var (x, y, spare) = (8, 9, 10);
        for (var level = _sizes.Length - 1; level >= 0; level--)
        {
            if (level == _sizes.Length - 1)
            {
                View(x, level).Clear();
                View(y, level).Clear();
            }
            else
            {
                (x, spare) = (Enlarge(x, spare, level), x);
                (y, spare) = (Enlarge(y, spare, level), y);
            }

            Refine(level, ref x, ref y, ref spare);
        }

        View(x, 0).CopyTo(into.X);
        View(y, 0).CopyTo(into.Y);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        // Only managed memory, which the planes merely point into.
    }

    private static (int Width, int Height)[] SizesOf(int width, int height, TvL1Parameters parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        var sizes = new List<(int Width, int Height)> { (width, height) };
        while (sizes.Count < parameters.Scales)
        {
            var next = ((int)Math.Round(sizes[^1].Width * parameters.ScaleStep), (int)Math.Round(sizes[^1].Height * parameters.ScaleStep));
            if (Math.Min(next.Item1, next.Item2) < SmallestSide)
            {
                break;
            }

            sizes.Add(next);
        }

        return [.. sizes];
    }

    private Plane Picture(int level, int which) => _pictures[level].View(which, _sizes[level].Width, _sizes[level].Height);

    private Plane View(int plane, int level) => _work.View(plane, _sizes[level].Width, _sizes[level].Height);

    /// <summary>The flow of the level above at this level's size, in this level's pixels; gives the plane that holds it.</summary>
    private int Enlarge(int plane, int spare, int level)
    {
        PictureScaling.Resize(View(plane, level + 1), View(spare, level));
        PictureScaling.Multiply(View(spare, level), (float)(1 / _parameters.ScaleStep));
        return spare;
    }

    private void Refine(int level, ref int x, ref int y, ref int spare)
    {
        _warp.SetPicture(Picture(level, 1));
        for (var dual = 4; dual < 8; dual++)
        {
            View(dual, level).Clear();
        }

        var enough = _parameters.Epsilon * _parameters.Epsilon * _sizes[level].Width * _sizes[level].Height;
        for (var warp = 0; warp < _parameters.Warps; warp++)
        {
            _warp.Warp(Picture(level, 0), PlanesOf(level, x, y));
            var change = double.MaxValue;
            for (var outer = 0; outer < _parameters.OuterIterations && change > enough; outer++)
            {
                if (_parameters.MedianFilter)
                {
                    _median.Apply(View(x, level), View(spare, level));
                    (x, spare) = (spare, x);
                    _median.Apply(View(y, level), View(spare, level));
                    (y, spare) = (spare, y);
                }

                var planes = PlanesOf(level, x, y);
                for (var inner = 0; inner < _parameters.InnerIterations && change > enough; inner++)
                {
                    change = TvL1Solver.Iterate(planes, _weights);
                    IterationCount++;
                }
            }
        }
    }

    private TvL1Planes PlanesOf(int level, int x, int y) => new(
        View(0, level), View(1, level), View(2, level), View(3, level), View(x, level), View(y, level),
        View(4, level), View(5, level), View(6, level), View(7, level));
}
