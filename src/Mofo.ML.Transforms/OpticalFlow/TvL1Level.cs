using Mofo.ML.Research;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Holds the flow of the current level, carries it to the next finer level and refines it there by TV-L1.</summary>
internal sealed class TvL1Level
{
    /// <summary>Planes 0 to 3: data term; 4 to 7: dual; the last three: flow and a spare, which change places.</summary>
    private const int FirstDual = 4;

    private readonly TvL1Parameters _parameters;
    private readonly TvL1Weights _weights;
    private readonly PlaneMemory _work;
    private readonly IPictureWarp _warp;
    private readonly TvL1Iteration _iterate;
    private readonly MedianFilter _median;
    private int _x = 8;
    private int _y = 9;
    private int _spare = 10;
    private int _width;
    private int _height;

    /// <param name="width">Of the largest level.</param>
    /// <param name="height">Of the largest level.</param>
    /// <param name="parameters">Weights and counts; the pyramid's are not used here.</param>
    /// <param name="warp">Samples pictures of at most this size.</param>
    /// <param name="iterate">The inner iteration.</param>
    public TvL1Level(int width, int height, TvL1Parameters parameters, IPictureWarp warp, TvL1Iteration iterate)
    {
        _parameters = parameters;
        _weights = new TvL1Weights((float)(parameters.Lambda * parameters.Theta), (float)parameters.Theta, (float)(parameters.Tau / parameters.Theta));
        _work = new PlaneMemory(width, height, 11);
        _warp = warp;
        _iterate = iterate;
        _median = new MedianFilter(width);
    }

    public Plane X => View(_x);

    public Plane Y => View(_y);

    /// <summary>Inner iterations since <see cref="Start"/>.</summary>
    public int IterationCount { get; private set; }

    /// <summary>No motion, at the size of the coarsest level.</summary>
    public void Start(int width, int height)
    {
        (_width, _height, IterationCount) = (width, height, 0);
        X.Clear();
        Y.Clear();
    }

    /// <summary>Brings the flow to the size of the next level, in its pixels.</summary>
    public void Enlarge(int width, int height, double factorX, double factorY)
    {
        var (fromX, fromY) = (X, Y);
        (_width, _height) = (width, height);
        PictureScaling.Resize(fromX, View(_spare));
        PictureScaling.Multiply(View(_spare), (float)factorX);
        (_x, _spare) = (_spare, _x);
        PictureScaling.Resize(fromY, View(_spare));
        PictureScaling.Multiply(View(_spare), (float)factorY);
        (_y, _spare) = (_spare, _y);
    }

    /// <summary>Warps, filters and iterates until the flow rests or the counts are used up.</summary>
    public void Refine(Plane first, Plane second)
    {
        _warp.SetPicture(second);
        for (var dual = FirstDual; dual < FirstDual + 4; dual++)
        {
            View(dual).Clear();
        }

        var enough = _parameters.Epsilon * _parameters.Epsilon * _width * _height;
        for (var warp = 0; warp < _parameters.Warps; warp++)
        {
            _warp.Warp(first, Planes());
            var change = double.MaxValue;
            for (var outer = 0; outer < _parameters.OuterIterations && change > enough; outer++)
            {
                if (_parameters.MedianFilter)
                {
                    Filter();
                }

                var planes = Planes();
                for (var inner = 0; inner < _parameters.InnerIterations && change > enough; inner++)
                {
                    change = _iterate(planes, _weights);
                    IterationCount++;
                }
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>The 5x5 median of both components.</summary>
    public void Filter()
    {
        _median.Apply(X, View(_spare));
        (_x, _spare) = (_spare, _x);
        _median.Apply(Y, View(_spare));
        (_y, _spare) = (_spare, _y);
    }

    private Plane View(int plane) => _work.View(plane, _width, _height);

    private TvL1Planes Planes() => new(View(0), View(1), View(2), View(3), X, Y, View(4), View(5), View(6), View(7));
}
