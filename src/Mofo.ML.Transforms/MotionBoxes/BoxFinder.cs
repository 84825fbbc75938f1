using Mofo.ML.Transforms.MotionMaps;
using OpenCvSharp;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>What was found in one frame: the box in pixels of the map (null for none) and how strong the motion is.</summary>
/// <param name="Box">Half-open box in pixels of the map, around what moves within the window of flows.</param>
/// <param name="Own">The part of it that moves in the frame's own flow.</param>
/// <param name="Strength">Highest value of the finely blurred map per flow and pixel: (pixels per frame) per pixel.</param>
internal readonly record struct FoundBox(MotionBox? Box, MotionBox? Own, float Strength);

/// <summary>Settings of the finder; sigmas in pixels of the map.</summary>
internal sealed record BoxFinderSettings(double FineSigma, double PeakCut, double DeviationCut, double WideSigma, double AreaCut, double MinimumMotion);

/// <summary>The box of one frame by the steps of the paper's text, in float throughout.</summary>
/// <remarks>
/// Blur, two cuts, wide blur, contours, the two largest areas, as in the release; then the box around those pixels inside the areas that survived
/// the cuts. The wide blur only says what belongs together: it is done on a map reduced to a quarter of its sigma per pixel,
/// where a Gaussian of sigma 4 does the same at a fiftieth of the cost. A thing smears over its way through the window, so the frame's own box is
/// then drawn around those of the pixels that move in the frame's own flow.
/// </remarks>
internal sealed class BoxFinder : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly BoxFinderSettings _settings;
    private readonly Size _coarseSize;
    private readonly double _coarseSigma;
    private readonly Mat _fine = new();
    private readonly Mat _own = new();
    private readonly Mat _wide = new();
    private readonly byte[] _area;

    public BoxFinder(int width, int height, BoxFinderSettings settings)
    {
        (_width, _height, _settings) = (width, height, settings);
        var reduction = Math.Max(1, (int)(settings.WideSigma / 4));
        _coarseSize = new Size(Math.Max(1, width / reduction), Math.Max(1, height / reduction));
        _coarseSigma = settings.WideSigma / reduction;
        _area = new byte[_coarseSize.Width * _coarseSize.Height];
    }

    public FoundBox Find(MotionMap map)
    {
        using var image = Mat.FromPixelData(_height, _width, MatType.CV_32FC1, map.Values);
        Blur(image, _fine, _settings.FineSigma);
        Cv2.MinMaxLoc(_fine, out _, out double highest);
        var strength = (float)(highest / (6.0 * map.Flows));
        if (highest <= 0 || strength < _settings.MinimumMotion)
        {
            return new FoundBox(null, null, strength);
        }

        Cut(highest);
        Keep(Areas());
        var box = Extent(_fine);
        return new FoundBox(box, box is null ? null : OwnExtent(map) ?? box, strength);
    }

    public void Dispose()
    {
        _fine.Dispose();
        _own.Dispose();
        _wide.Dispose();
    }

    private static void Blur(Mat from, Mat to, double sigma)
    {
        if (sigma > 0)
        {
            Cv2.GaussianBlur(from, to, new Size(0, 0), sigma, sigma, BorderTypes.Reflect);
        }
        else
        {
            from.CopyTo(to);
        }
    }

    private void Cut(double highest)
    {
        Cv2.Threshold(_fine, _fine, _settings.PeakCut * highest, 0, ThresholdTypes.Tozero);
        Cv2.MeanStdDev(_fine, out _, out var deviation);
        Cv2.Threshold(_fine, _fine, _settings.DeviationCut * deviation.Val0, 0, ThresholdTypes.Tozero);
    }

    /// <summary>The one or two areas that move, at the coarse size.</summary>
    private byte[] Areas()
    {
        Cv2.Resize(_fine, _wide, _coarseSize, interpolation: InterpolationFlags.Area);
        Blur(_wide, _wide, _coarseSigma);
        Cv2.MinMaxLoc(_wide, out _, out double top);
        using var area = Mat.FromPixelData(_coarseSize.Height, _coarseSize.Width, MatType.CV_8UC1, _area);
        Cv2.Compare(_wide, new Scalar(_settings.AreaCut * top), area, CmpTypes.GT);
        return MovingArea.Find(_area, _coarseSize.Width, _coarseSize.Height, countHoles: false).Mask;
    }

    /// <summary>Drops what lies outside the areas.</summary>
    private unsafe void Keep(ReadOnlySpan<byte> areas)
    {
        for (var y = 0; y < _height; y++)
        {
            var strong = new Span<float>((void*)_fine.Ptr(y), _width);
            if (!strong.ContainsAnyExcept(0f))
            {
                continue;
            }

            var row = areas.Slice(y * _coarseSize.Height / _height * _coarseSize.Width, _coarseSize.Width);
            for (var x = 0; x < _width; x++)
            {
                if (row[x * _coarseSize.Width / _width] == 0)
                {
                    strong[x] = 0;
                }
            }
        }
    }

    /// <summary>The box around the pixels kept that move in the frame's own flow; null where it pauses.</summary>
    private MotionBox? OwnExtent(MotionMap map)
    {
        using var image = Mat.FromPixelData(_height, _width, MatType.CV_32FC1, map.OwnValues);
        Blur(image, _own, _settings.FineSigma);
        using var moving = new Mat();
        Cv2.Compare(_fine, new Scalar(0), moving, CmpTypes.GT);
        Cv2.MinMaxLoc(_own, out _, out double highest, out _, out _, moving);
        if (highest / 6 < _settings.MinimumMotion)
        {
            return null;
        }

        Cv2.Threshold(_own, _own, _settings.PeakCut * highest, 0, ThresholdTypes.Tozero);
        Cv2.BitwiseNot(moving, moving);
        _own.SetTo(new Scalar(0), moving);
        return Extent(_own);
    }

    private unsafe MotionBox? Extent(Mat image)
    {
        var (x1, y1, x2, y2) = (_width, _height, 0, 0);
        for (var y = 0; y < _height; y++)
        {
            var row = new ReadOnlySpan<float>((void*)image.Ptr(y), _width);
            var first = row.IndexOfAnyExcept(0f);
            if (first >= 0)
            {
                (x1, y1, x2, y2) = (Math.Min(x1, first), Math.Min(y1, y), Math.Max(x2, row.LastIndexOfAnyExcept(0f) + 1), y + 1);
            }
        }

        return x2 > x1 ? new MotionBox(x1, y1, x2, y2) : null;
    }
}
