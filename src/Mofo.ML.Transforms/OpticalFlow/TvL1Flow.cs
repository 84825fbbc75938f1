using Mofo.ML.Research;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Duality-based TV-L1 flow, coarse to fine; <see cref="TvL1Level"/> does the work on a level.</summary>
/// <remarks>Zach, Pock, Bischof 2007; Wedel et al. 2009 (median filter); Sánchez et al., IPOL 2013 (pyramid and stopping rule).</remarks>
internal sealed class TvL1Flow : IOpticalFlow
{
    private const int SmallestSide = 16;

    private readonly double _scaleStep;
    private readonly (int Width, int Height)[] _sizes;
    private readonly PlaneMemory[] _pictures;
    private readonly TvL1Level _level;

    public TvL1Flow(int width, int height, TvL1Parameters? parameters = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        parameters ??= new TvL1Parameters();
        var problems = new OptionProblems(nameof(TvL1Parameters));
        parameters.Validate(problems);
        problems.ThrowIfAny();
        _scaleStep = parameters.ScaleStep;
        _sizes = SizesOf(width, height, parameters);
        _pictures = Array.ConvertAll(_sizes, s => new PlaneMemory(s.Width, s.Height, 2));
        _level = new TvL1Level(width, height, parameters, new CubicWarp(width, height), TvL1Solver.Iterate<SemiImplicitStep>);
    }

    /// <summary>Inner iterations of the last computation, all levels and warps together.</summary>
    public int IterationCount => _level.IterationCount;

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(_sizes[0].Width, _sizes[0].Height, grayFrom, grayTo, into);
        PictureScaling.Load(grayFrom, Picture(0, 0));
        PictureScaling.Load(grayTo, Picture(0, 1));
        for (var level = 1; level < _sizes.Length; level++)
        {
            PictureScaling.Resize(Picture(level - 1, 0), Picture(level, 0), _scaleStep);
            PictureScaling.Resize(Picture(level - 1, 1), Picture(level, 1), _scaleStep);
        }

        _level.Start(_sizes[^1].Width, _sizes[^1].Height);
        for (var level = _sizes.Length - 1; level >= 0; level--)
        {
            if (level < _sizes.Length - 1)
            {
                _level.Enlarge(_sizes[level].Width, _sizes[level].Height, 1 / _scaleStep, 1 / _scaleStep);
            }

            _level.Refine(Picture(level, 0), Picture(level, 1));
        }

        _level.X.CopyTo(into.X);
        _level.Y.CopyTo(into.Y);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        // Only managed memory, which the planes merely point into.
    }

    /// <summary>The sizes of the pyramid, the full picture first.</summary>
    internal static (int Width, int Height)[] SizesOf(int width, int height, TvL1Parameters parameters)
    {
        var sizes = new List<(int Width, int Height)> { (width, height) };
        while (sizes.Count < parameters.Scales)
        {
            var next = (Width: (int)Math.Round(sizes[^1].Width * parameters.ScaleStep), Height: (int)Math.Round(sizes[^1].Height * parameters.ScaleStep));
            if (Math.Min(next.Width, next.Height) < SmallestSide)
            {
                break;
            }

            sizes.Add(next);
        }

        return [.. sizes];
    }

    private Plane Picture(int level, int which) => _pictures[level].View(which, _sizes[level].Width, _sizes[level].Height);
}
